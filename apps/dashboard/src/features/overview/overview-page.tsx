import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Stats } from '../../shared/api/generated/types.gen.js';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import { reportError } from '../../shared/report-error.js';
import { formatDuration } from '../../shared/ui/format.js';
import { LinkButton } from '../../shared/ui/links.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { ErrorState } from '../../shared/ui/states.js';
import { EmptyState } from '../../shared/ui/states.js';
import { useNow } from '../../shared/ui/use-now.js';
import { EndingUsersPanel } from './ending-users-panel.js';
import { NowStrip } from './now-strip.js';
import { PolicyPanel } from './policy-panel.js';
import { tileSeries } from './queries.js';
import { overviewRanges, type OverviewRange } from './search.js';
import { SharedCursorProvider } from './shared-cursor.js';
import { StatsTiles } from './stats-tiles.js';
import { overviewTexts } from './texts.js';
import { TrafficPanels } from './traffic-panels.js';
import { useLiveStats } from './use-live-stats.js';
import classes from './overview-page.module.css';

const route = getRouteApi('/shell/');

/** The broker at a glance: who is online, what flows, what was refused, and what happens now. */
export function OverviewPage() {
  const { range = '15m' } = route.useSearch();
  const { data, error, refetch } = useLiveStats();
  const { data: series } = useQuery(tileSeries(range));
  const { data: recent } = useQuery(tileSeries('15m'));
  return (
    <Page title={overviewTexts.title} aside={data && <Running stats={data} />} actions={<RangeControl range={range} />}>
      {error !== null && data === undefined && (
        <Panel>
          <ErrorState error={error} onRetry={() => refetch()} />
        </Panel>
      )}
      <SharedCursorProvider>
        <StatsTiles stats={data} error={error} series={series} recent={recent} range={range} />
      </SharedCursorProvider>
      {data?.clientsKnown === 0 && <FirstDevice />}
      <div className={classes.panels}>
        <div className={classes.column}>
          <NowStrip />
        </div>
        <div className={classes.column}>
          <PolicyPanel />
          <EndingUsersPanel />
          <TrafficPanels />
        </div>
      </div>
    </Page>
  );
}

function RangeControl({ range }: { range: OverviewRange }) {
  const navigate = route.useNavigate();
  const choose = (next: string) => {
    const chosen = overviewRanges.find((each) => each === next && each !== '15m');
    navigate({ search: { range: chosen }, replace: true, resetScroll: false }).catch(reportError);
  };
  return (
    <SegmentedControl
      size="xs"
      aria-label={overviewTexts.rangeLabel}
      value={range}
      onChange={choose}
      data={overviewRanges.map((value) => ({ value, label: overviewTexts.ranges[value] }))}
    />
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
