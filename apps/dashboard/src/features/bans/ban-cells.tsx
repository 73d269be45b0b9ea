import { Group, Stack, Text } from '@mantine/core';
import type { Ban } from '../../shared/api/generated/types.gen.js';
import { literal } from '../../shared/ui/literal.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatCount, formatDuration, formatExact } from '../../shared/ui/format.js';
import { HistoryLink } from '../../shared/ui/history-item.js';
import { TextLink } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { useNow } from '../../shared/ui/use-now.js';
import { bansTexts } from './texts.js';

/** Narrower where the page is, so that what can be done with a ban is never out of sight. */
const CELL_WIDTH = 'clamp(120px, 12vw, 320px)';

/** Whom the ban keeps out; leads to the clients it speaks of where they can be listed. */
export function BanValue({ ban: { kind, value } }: { ban: Ban }) {
  const search = kind === 'clientid' ? { c: value } : { username: value };
  const look = {
    size: 'sm',
    className: 'perch-mono',
    truncate: true,
    maw: CELL_WIDTH,
    title: visibleText(value),
  } as const;
  return (
    <Group gap={4} wrap="nowrap">
      {kind === 'ipaddr' ? (
        <Text component="span" {...look}>
          {literal(value)}
        </Text>
      ) : (
        <TextLink to="/clients" search={search} {...look}>
          {value}
        </TextLink>
      )}
      <CopyButton value={value} label={bansTexts.subject({ kind, value })} />
      <HistoryLink object={`ban/${kind}/${value}`} name={bansTexts.subject({ kind, value })} />
    </Group>
  );
}

/** Why. */
export function BanReason({ reason }: { reason: string }) {
  return (
    <Text
      component="span"
      size="sm"
      truncate
      maw={CELL_WIDTH}
      display="block"
      title={visibleText(reason)}
      c={reason ? undefined : 'dimmed'}
    >
      {literal(reason || bansTexts.noReason)}
    </Text>
  );
}

/** When the ban ends, counted down. */
export function BanEnd({ until }: { until: string | null }) {
  const now = useNow();
  if (until === null) return <>{bansTexts.forEver}</>;
  const leftMs = Date.parse(until) - now;
  return (
    <time dateTime={until} title={formatExact(until)} className="perch-number">
      {leftMs > 0 ? bansTexts.left(formatDuration(leftMs)) : bansTexts.over}
    </time>
  );
}

/** When it was lifted, and by whom. */
export function BanLifted({ ban }: { ban: Ban }) {
  return (
    <>
      <RelativeTime at={ban.liftedAt} /> {ban.liftedBy !== null && bansTexts.by(ban.liftedBy)}
    </>
  );
}

/** How often it kept somebody out, and when last. */
export function BanHits({ ban: { hits, lastHitAt } }: { ban: Ban }) {
  return (
    <Stack gap={0} align="end">
      <span>{formatCount(hits)}</span>
      {lastHitAt !== null && (
        <Text component="span" size="xs" c="dimmed">
          {bansTexts.lastHit} <RelativeTime at={lastHitAt} />
        </Text>
      )}
    </Stack>
  );
}
