import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../shared/session/session.js';
import { TableSkeleton } from '../../shared/ui/data-table.js';
import { Page } from '../../shared/ui/page.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { ErrorState } from '../../shared/ui/states.js';
import { livePolicy, type PolicyRevision } from './queries.js';
import { RulesEditor } from './rules-editor.js';
import { rulesTexts } from './texts.js';

/** The ordered access rules: edited as a draft, tested, reviewed, saved. */
export function RulesPage() {
  const { data, error, refetch } = useQuery(livePolicy());
  const operatorId = useSession()?.id;
  return (
    <Page title={rulesTexts.title} aside={data && <RevisionLine live={data} />}>
      {data && operatorId !== undefined && <RulesEditor key={operatorId} live={data} operatorId={operatorId} />}
      {!data && error && <ErrorState error={error} onRetry={() => refetch()} />}
      {!data && !error && <TableSkeleton columns={6} />}
    </Page>
  );
}

function RevisionLine({ live }: { live: PolicyRevision }) {
  return (
    <>
      {rulesTexts.revision(live.revision)} {rulesTexts.savedBy(live.author)} <RelativeTime at={live.createdAt} />
      {live.message !== '' && ` · ${live.message}`}
    </>
  );
}
