import type { Stats } from '../../shared/api/generated/types.gen.js';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import { formatDuration } from '../../shared/ui/format.js';
import { LinkButton } from '../../shared/ui/links.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { ErrorState } from '../../shared/ui/states.js';
import { EmptyState } from '../../shared/ui/states.js';
import { useNow } from '../../shared/ui/use-now.js';
import { NowStrip } from './now-strip.js';
import { PolicyPanel } from './policy-panel.js';
import { StatsTiles } from './stats-tiles.js';
import { overviewTexts } from './texts.js';
import { useLiveStats } from './use-live-stats.js';
import classes from './overview-page.module.css';

/** The broker at a glance: who is online, what flows, what was refused, and what happens now. */
export function OverviewPage() {
  const { data, error, refetch } = useLiveStats();
  return (
    <Page title={overviewTexts.title} aside={data && <Running stats={data} />}>
      {error !== null && data === undefined && (
        <Panel>
          <ErrorState error={error} onRetry={() => refetch()} />
        </Panel>
      )}
      <StatsTiles stats={data} error={error} />
      {data?.clientsKnown === 0 && <FirstDevice />}
      <div className={classes.panels}>
        <NowStrip />
        <PolicyPanel />
      </div>
    </Page>
  );
}

function Running({ stats }: { stats: Stats }) {
  const now = useNow();
  return <>{overviewTexts.running(stats.version, formatDuration(now - Date.parse(stats.startedAt)))}</>;
}

function FirstDevice() {
  return (
    <Panel>
      <EmptyState title={overviewTexts.emptyTitle}>{overviewTexts.emptyText}</EmptyState>
      <div className={classes.snippets}>
        <ConnectSnippets />
        <LinkButton to="/access/users" search={{ new: 'user' }} variant="default" mt="sm">
          {overviewTexts.createUser}
        </LinkButton>
      </div>
    </Panel>
  );
}
