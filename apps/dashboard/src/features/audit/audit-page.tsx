import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { reportError } from '../../shared/report-error.js';
import { formatCount } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { AuditEntryDrawer } from './audit-entry-drawer.js';
import { AuditFilters } from './audit-filters.js';
import { AuditTable } from './audit-table.js';
import { AuditTools } from './audit-tools.js';
import { auditList } from './queries.js';
import type { AuditSearch } from './search.js';
import { auditTexts } from './texts.js';

const route = getRouteApi('/shell/audit');

const noFilter: AuditSearch = {
  operator: undefined,
  action: undefined,
  object: undefined,
  match: undefined,
  rule: undefined,
  result: undefined,
};

/** Who changed what and when, with before and after. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: AuditSearch, replace = true) => {
    navigate({ search: (now) => ({ ...now, ...change }), replace }).catch(reportError);
  };
  const { entry, ...filter } = search;
  const audit = useInfiniteQuery(auditList(filter));
  const rows = audit.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={auditTexts.title} actions={<AuditTools filter={filter} />}>
      <Text size="sm" c="dimmed" mt={-8}>
        {auditTexts.explain}
      </Text>
      <AuditFilters search={search} onChange={show} />
      <Panel flush>
        <ListBody query={audit}>
          <AuditTable
            rows={rows}
            isStale={audit.isPlaceholderData}
            isFiltered={Object.values(filter).some((value) => value !== undefined)}
            onClear={() => show(noFilter)}
            onOpen={(id) => show({ entry: id }, false)}
          />
          {rows !== undefined && rows.length > 0 && (
            <LoadMore query={audit} shown={auditTexts.shown(formatCount(rows.length))} />
          )}
        </ListBody>
      </Panel>
      <AuditEntryDrawer entry={rows?.find(({ id }) => id === entry)} onClose={() => show({ entry: undefined })} />
    </Page>
  );
}
