import { Text } from '@mantine/core';
import { useState } from 'react';
import { useLiveRefusal, useLiveTopic } from '../../shared/live/live-context.js';
import {
  isSessionEnd,
  PRESENCE_FILTER,
  type PresenceEvent,
  presenceEventOf,
} from '../../shared/live/presence-event.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { Literal } from '../../shared/ui/literal.js';
import { formatDuration } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { overviewTexts } from './texts.js';
import classes from './now-strip.module.css';

/** A connect or disconnect, or that the session of a client that had gone before is over. */
type NewsEvent = PresenceEvent & { readonly isSessionEnd: boolean };

const maxEvents = 20;

/** The last connects and disconnects, as they happen. */
export function NowStrip() {
  const [events, setEvents] = useState<readonly NewsEvent[]>([]);
  const refusal = useLiveRefusal(PRESENCE_FILTER);
  useLiveTopic(PRESENCE_FILTER, ({ messages }) => {
    const fresh = messages
      .slice(-maxEvents)
      .map((message) => {
        const event = presenceEventOf(message);
        return event && { ...event, isSessionEnd: isSessionEnd(message) };
      })
      .filter((event) => event !== null);
    if (fresh.length > 0) setEvents((known) => [...fresh.reverse(), ...known].slice(0, maxEvents));
  });
  return (
    <Panel title={overviewTexts.now} flush>
      {events.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {refusal ? overviewTexts.nowRefused : overviewTexts.nowQuiet}
        </Text>
      ) : (
        <ol className={classes.events}>
          {events.map((event) => (
            <Event key={`${event.node} ${event.seq}`} event={event} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Event({ event }: { event: NewsEvent }) {
  return (
    <li className={classes.event}>
      <span className={classes.mark}>
        {event.online ? (
          <StatusMark kind="online">{overviewTexts.connected}</StatusMark>
        ) : (
          <StatusMark kind={event.hasSession ? 'offline' : 'gone'}>
            {event.isSessionEnd ? overviewTexts.sessionEnded : overviewTexts.disconnected}
          </StatusMark>
        )}
      </span>
      <TextLink to="/clients" search={{ c: event.clientId }} size="sm" className={classes.client}>
        <Literal>{event.clientId}</Literal>
      </TextLink>
      <span className={classes.detail}>{detailOf(event)}</span>
      <span className={classes.time}>
        <RelativeTime at={new Date(event.since).toISOString()} />
      </span>
    </li>
  );
}

function detailOf({ online, isSessionEnd: isEnd, username, address, reason, connectedForMs }: NewsEvent): string {
  if (isEnd) return '';
  if (online) return [username, address].filter((part) => part !== null).join(' · ');
  const after = connectedForMs === null ? null : overviewTexts.after(formatDuration(connectedForMs));
  return [after, reason && reasonText(reason)].filter((part) => part !== null).join(' · ');
}
