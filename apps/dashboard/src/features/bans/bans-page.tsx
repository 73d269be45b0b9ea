import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Ban } from '../../shared/api/generated/types.gen.js';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { ChoiceTabs } from '../../shared/ui/choice-tabs.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCount } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { BanDrawer } from './ban-drawer.js';
import { BansTable } from './bans-table.js';
import { ExtendDialog } from './extend-dialog.js';
import { bansList } from './queries.js';
import { banKinds, type BansSearch, banStates } from './search.js';
import { bansTexts } from './texts.js';
import { useBanNotices } from './use-ban-notices.js';

const route = getRouteApi('/shell/access/bans');

const noFilter = { q: undefined, kind: undefined } as const;
const noForm = { new: undefined, value: undefined } as const;

/** Who is kept out: add, extend and lift bans, and see what they refused. */
export function BansPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: BansSearch, replace = true) => {
    navigate({ search: (now) => ({ ...now, ...change }), replace, resetScroll: false }).catch(reportError);
  };
  const { state = 'active' } = search;
  const [extended, setExtended] = useState<Ban | null>(null);
  const add = () => show({ new: 'clientid', value: undefined }, false);
  const mayWrite = usePermission('clients:write');
  useShortcuts(mayWrite ? { n: add } : {});
  const extendInstead = (ban: Ban) => {
    show(noForm);
    setExtended(ban);
  };
  const addButton = (
    <PermittedButton permission="clients:write" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
      {bansTexts.add}
    </PermittedButton>
  );
  return (
    <Page title={bansTexts.title} actions={addButton}>
      <ChoiceTabs
        label={bansTexts.tabsLabel}
        words={bansTexts.tabs}
        values={banStates}
        value={state}
        onChange={(next) => show({ ...noFilter, state: next }, false)}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {bansTexts.explain[state]}
          </Text>
          <BansFilters search={search} onChange={show} />
          <BansList search={search} onShow={show} onExtend={setExtended} addButton={addButton} />
        </Stack>
      </ChoiceTabs>
      <BanDrawer
        kind={mayWrite ? search.new : undefined}
        value={search.value ?? ''}
        onClose={() => show(noForm)}
        onChange={extendInstead}
      />
      <ExtendDialog ban={extended} onClose={() => setExtended(null)} />
    </Page>
  );
}

interface BansListProps {
  readonly search: BansSearch;
  readonly onShow: (change: BansSearch, replace?: boolean) => void;
  readonly onExtend: (ban: Ban) => void;
  readonly addButton: ReactNode;
}

function BansList({ search, onShow, onExtend, addButton }: BansListProps) {
  const bans = useInfiniteQuery(bansList(search));
  const notices = useBanNotices();
  const rows = bans.data?.pages.flatMap((page) => page.items);
  const total = bans.data?.pages.at(-1)?.total;
  const again = ({ kind, value }: Ban) => onShow({ new: kind, value }, false);
  return (
    <Panel flush>
      <ListBody query={bans}>
        <BansTable
          rows={rows}
          state={search.state ?? 'active'}
          isStale={bans.isPlaceholderData}
          isFiltered={(search.q ?? search.kind) !== undefined}
          onClearFilter={() => onShow(noFilter)}
          deeds={{ onExtend, onLift: notices.lift, onAgain: again }}
          addButton={addButton}
        />
        {rows !== undefined && rows.length > 0 && (
          <LoadMore query={bans} shown={bansTexts.shown(formatCount(rows.length), formatCount(total))} />
        )}
      </ListBody>
    </Panel>
  );
}

function BansFilters({ search, onChange }: { search: BansSearch; onChange: (change: BansSearch) => void }) {
  const kinds = banKinds.map((value) => ({ value, label: bansTexts.kinds[value] }));
  return (
    <Group gap="sm">
      <FilterInput label={bansTexts.filter} value={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      <NativeSelect
        aria-label={bansTexts.kindFilter}
        data={[{ value: '', label: bansTexts.anyKind }, ...kinds]}
        value={search.kind ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ kind: banKinds.find((one) => one === value) })}
      />
    </Group>
  );
}
