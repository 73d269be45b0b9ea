import { Text } from '@mantine/core';
import type { Series, Stats } from '../../shared/api/generated/types.gen.js';
import { valuesOf } from '../../shared/series/values-of.js';
import { formatBytes, formatCount, formatRate, formatShort, formatTime } from '../../shared/ui/format.js';
import { Sparkline } from '../../shared/ui/sparkline.js';
import { uiTexts } from '../../shared/ui/texts.js';
import type { OverviewRange } from './search.js';
import { minutesBefore, perMinute, perSecond } from './series.js';
import { useSharedCursor } from './shared-cursor.js';
import { overviewTexts } from './texts.js';
import { Tile, type TileLink, TilePart, TileParts } from './tile.js';
import classes from './tile.module.css';

const { tiles, in: into, out, connects, disconnects } = overviewTexts;

interface StatsTilesProps extends Past {
  readonly stats: Stats | undefined;
  readonly error: Error | null;
  /** The last minutes, for what happens now. */
  readonly recent: Series | undefined;
}

/** What the charts in the tiles show. */
interface Past {
  readonly series: Series | undefined;
  readonly range: OverviewRange;
}

/** Refusals of clients that were let in, and of those that were not. */
const denied = ['publish', 'subscribe', 'will', 'delivery'].map(
  (action) => `perch_refused_actions_total{action="${action}"}`,
);
const signIns = ['perch_refused_actions_total{action="connect"}'];

/** The counters as tiles. What is not known shows as "-", with the reason. */
export function StatsTiles({ stats, error, recent, ...past }: StatsTilesProps) {
  return (
    <>
      <div className={classes.tiles} aria-busy={stats === undefined && error === null}>
        <Tile
          label={tiles.clients}
          value={formatCount(stats?.clientsOnline)}
          unit={overviewTexts.ofKnown(formatCount(stats?.clientsKnown))}
          link={{ to: '/clients', search: { state: 'online' } }}
          isWide
        />
        <PairTile
          recent={recent}
          {...past}
          label={tiles.changes}
          metrics={['perch_connects_total', 'perch_disconnects_total']}
          told={changes}
          words={[connects, disconnects]}
          link={{ to: '/metrics', search: { group: 'connections', range: past.range } }}
        />
        <PairTile
          recent={recent}
          {...past}
          label={tiles.messages}
          metrics={['perch_messages_received_total', 'perch_messages_sent_total']}
          told={messages}
          words={[into, out]}
          link={{ to: '/metrics', search: { group: 'messages', range: past.range } }}
        />
        <PairTile
          recent={recent}
          {...past}
          label={tiles.bytes}
          metrics={['perch_received_bytes_total', 'perch_sent_bytes_total']}
          told={bytes}
          words={[into, out]}
          link={{ to: '/metrics', search: { group: 'bytes', range: past.range } }}
        />
        <Tile
          label={tiles.subscriptions}
          value={formatCount(stats?.subscriptions)}
          unit={overviewTexts.inForce}
          link={{ to: '/metrics', search: { group: 'messages', range: past.range } }}
        />
        <Tile
          label={tiles.retained}
          value={formatCount(stats?.retained)}
          unit={overviewTexts.kept}
          link={{ to: '/retained' }}
        />
        <Tile
          label={tiles.refused}
          value={formatCount(rounded(perMinute(recent, denied)))}
          unit={overviewTexts.perMinute}
          link={{ to: '/access/denied', search: { range: '1h' } }}
        />
        <Tile
          label={tiles.signIns}
          value={formatCount(rounded(perMinute(recent, signIns)))}
          unit={overviewTexts.perMinute}
          link={{ to: '/access/denied', search: { tab: 'auth', range: '1h' } }}
        />
        <Tile
          label={tiles.dropped}
          value={formatShort(stats?.dropped)}
          unit={overviewTexts.sinceStart}
          link={{ to: '/metrics', search: { group: 'delivery', range: past.range } }}
        />
      </div>
      {error !== null && stats !== undefined && (
        <Text size="xs" c="danger" role="alert">
          {uiTexts.stale}: {error.message}
        </Text>
      )}
    </>
  );
}

interface PairTileProps extends Past {
  readonly recent: Series | undefined;
  readonly label: string;
  readonly metrics: readonly [string, string];
  readonly told: Told;
  readonly words: readonly [string, string];
  readonly link: TileLink;
}

function PairTile({ recent, series, range, label, metrics, told, words, link }: PairTileProps) {
  const { step, setStep } = useSharedCursor();
  const at = series && step !== null ? timeOf(series, step) : null;
  const parts = metrics.map((metric) =>
    series && at !== null && step !== null
      ? told.then(told.over(series, metric)[step] ?? null)
      : told.now(recent, metric),
  );
  return (
    <Tile
      label={label}
      isWide
      note={at === null ? undefined : formatTime(at)}
      value={
        <TileParts>
          <TilePart name={words[0]} value={parts[0] ?? ''} line="solid" />
          <TilePart name={words[1]} value={parts[1] ?? ''} line="dashed" />
        </TileParts>
      }
      link={link}
    >
      {series && (
        <Sparkline
          label={overviewTexts.chart(label, overviewTexts.ranges[range])}
          series={metrics.map((metric) => told.over(series, metric))}
          colours={['--perch-accent', '--perch-warning']}
          cursor={step}
          onCursor={setStep}
        />
      )}
    </Tile>
  );
}

/** How something is told, of now and of the steps of the past. */
interface Told {
  readonly now: (recent: Series | undefined, metric: string) => string;
  readonly over: (past: Series, metric: string) => readonly (number | null)[];
  readonly then: (value: number | null) => string;
}

const changes: Told = {
  now: (recent, metric) => formatShort(rounded(perMinute(recent, [metric]))),
  over: minutesBefore,
  then: (count) => formatShort(rounded(count)),
};
const messages: Told = {
  now: (recent, metric) => formatRate(perSecond(recent, metric)),
  over: valuesOf,
  then: formatRate,
};
const bytes: Told = {
  now: (recent, metric) => formatBytes(perSecond(recent, metric)),
  over: valuesOf,
  then: formatBytes,
};

/** When a step began, in ms since the epoch; null for one that there is none of. */
function timeOf({ from, stepSeconds, series }: Series, step: number): number | null {
  const steps = Math.max(0, ...series.map(({ values }) => values.length));
  return step < steps ? Date.parse(from) + step * stepSeconds * 1000 : null;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
