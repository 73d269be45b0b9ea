import { Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TimelineEvent, TimelinePage } from '../../shared/api/generated/types.gen.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { formatCount, formatDuration, formatExact } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { type MarkKind, StatusMark } from '../../shared/ui/status-mark.js';
import { protocolName } from './presence-cells.js';
import { clientTimeline } from './queries.js';
import { clientsTexts } from './texts.js';
import classes from './timeline-tab.module.css';

const texts = clientsTexts.timeline;

/** What happened to a client across its connections, refused connects among it, as it happens. */
export function TimelineTab({ clientId }: { clientId: string }) {
  const timeline = useInfiniteQuery(clientTimeline(clientId));
  const { data } = timeline;
  const events = data?.pages.flatMap(({ items }) => items) ?? [];
  const last = data?.pages.at(0);
  return (
    <ListBody query={timeline}>
      {last === undefined ? (
        <Skeleton height={160} />
      ) : (
        <Stack gap="sm">
          {last.notKept > 0 && (
            <Text size="sm" c="warning">
              {texts.notKept(formatCount(last.notKept))}
            </Text>
          )}
          {events.length === 0 ? (
            <Text size="sm" c="dimmed">
              {texts.empty(formatCount(last.retentionDays))}
            </Text>
          ) : (
            <Events events={events} />
          )}
          {events.length > 0 && (
            <LoadMore query={timeline} shown={endText(events.length, last, timeline.hasNextPage)} />
          )}
        </Stack>
      )}
    </ListBody>
  );
}

function endText(shown: number, { retentionDays, eventsPerClient }: TimelinePage, hasMore: boolean): string {
  if (hasMore) return texts.more(formatCount(shown));
  return texts.end(formatCount(shown), formatCount(retentionDays), formatCount(eventsPerClient));
}

function Events({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <ol className={classes.events} aria-label={texts.label}>
      {events.map((event) => (
        <li key={event.key} data-kind={event.kind}>
          <div className={classes.what}>
            <StatusMark kind={marks[event.kind]}>{headline(event)}</StatusMark>
            <span className={classes.detail}>{detailOf(event)}</span>
          </div>
          <div className={classes.where}>
            {formatExact(event.at)} · <RelativeTime at={event.at} /> · {whoOf(event)}
          </div>
        </li>
      ))}
    </ol>
  );
}

const marks: Readonly<Record<TimelineEvent['kind'], MarkKind>> = {
  connected: 'online',
  disconnected: 'offline',
  renamed: 'neutral',
  kicked: 'warning',
  refused: 'deny',
};

function headline({ kind, operator }: TimelineEvent): string {
  return kind === 'kicked' ? texts.kicked(operator ?? '') : texts[kind];
}

function detailOf({ kind, reason, connectedForMs, count, firstAt }: TimelineEvent): string {
  const parts = [
    reason !== null && (kind === 'kicked' ? reason : reasonText(reason)),
    connectedForMs !== null && texts.after(formatDuration(connectedForMs)),
    count > 1 && `${texts.times(formatCount(count))}, ${texts.since(formatExact(firstAt))}`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

function whoOf({ username, address, protocol }: TimelineEvent): string {
  const parts = [username ?? clientsTexts.noUser, address, protocol !== null && protocolName(protocol)];
  return parts.filter((part) => part !== false && part !== null).join(' · ');
}
