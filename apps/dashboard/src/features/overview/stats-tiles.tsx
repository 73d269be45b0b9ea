import { Text } from '@mantine/core';
import type { Stats } from '../../shared/api/generated/types.gen.js';
import { formatBytes, formatCount, formatRate, formatShort } from '../../shared/ui/format.js';
import { Sparkline } from '../../shared/ui/sparkline.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { lastMinute, perSecond, type SeriesName, seriesValues } from './series.js';
import { overviewTexts } from './texts.js';
import { Tile, TilePart, TileParts } from './tile.js';
import classes from './tile.module.css';

const { tiles, in: into, out, connects, disconnects } = overviewTexts;

/** The counters as tiles. What is not known shows as "-", with the reason. */
export function StatsTiles({ stats, error }: { stats: Stats | undefined; error: Error | null }) {
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
          stats={stats}
          label={tiles.changes}
          names={['connects', 'disconnects']}
          words={[connects, disconnects]}
        />
        <PairTile stats={stats} label={tiles.messages} names={['messagesIn', 'messagesOut']} words={[into, out]} />
        <PairTile stats={stats} label={tiles.bytes} names={['bytesIn', 'bytesOut']} words={[into, out]} />
        <Tile label={tiles.subscriptions} value={formatCount(stats?.subscriptions)} unit={overviewTexts.inForce} />
        <Tile
          label={tiles.retained}
          value={formatCount(stats?.retained)}
          unit={overviewTexts.kept}
          link={{ to: '/retained' }}
        />
        <Tile
          label={tiles.refused}
          value={formatCount(lastMinute(stats, 'refused'))}
          unit={overviewTexts.perMinute}
          link={{ to: '/access/denied', search: { range: '1h' } }}
        />
        <Tile label={tiles.dropped} value={formatShort(stats?.dropped)} unit={overviewTexts.sinceStart} />
      </div>
      {error !== null && stats !== undefined && (
        <Text size="xs" c="danger" role="alert">
          {uiTexts.stale}: {error.message}
        </Text>
      )}
    </>
  );
}

interface PairTileProps {
  readonly stats: Stats | undefined;
  readonly label: string;
  readonly names: readonly [SeriesName, SeriesName];
  readonly words: readonly [string, string];
}

function PairTile({ stats, label, names, words }: PairTileProps) {
  const isPerMinute = names[0] === 'connects';
  const parts = names.map((name) => rateOf(stats, name));
  return (
    <Tile
      label={label}
      isWide
      value={
        <TileParts>
          <TilePart name={words[0]} value={parts[0] ?? ''} line="solid" />
          <TilePart name={words[1]} value={parts[1] ?? ''} line="dashed" />
        </TileParts>
      }
      link={isPerMinute ? { to: '/clients' } : undefined}
    >
      {stats && stats.series.points.length > 1 && (
        <Sparkline
          label={overviewTexts.chart(label)}
          series={names.map((name) => seriesValues(stats, name))}
          colours={['--perch-accent', '--perch-warning']}
        />
      )}
    </Tile>
  );
}

function rateOf(stats: Stats | undefined, name: SeriesName): string {
  if (name === 'connects' || name === 'disconnects') return formatShort(lastMinute(stats, name));
  const rate = perSecond(stats, name);
  return name === 'bytesIn' || name === 'bytesOut' ? formatBytes(rate) : formatRate(rate);
}
