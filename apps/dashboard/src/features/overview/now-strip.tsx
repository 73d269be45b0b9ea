import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import type { Refusal } from '../../shared/api/generated/types.gen.js';
import { useLiveRefusal, useLiveState, useLiveTopic } from '../../shared/live/live-context.js';
import { PRESENCE_FILTER } from '../../shared/live/presence-event.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { usePermission } from '../../shared/session/session.js';
import { formatCount, formatDuration } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { Literal, literal } from '../../shared/ui/literal.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { lastNews, type News, newsOfClient, newsOfRefusal, presenceNewsOf, type PresenceNews } from './news.js';
import { lastRefusals, whoJustMoved } from './queries.js';
import { overviewTexts } from './texts.js';
import classes from './now-strip.module.css';

/** The last connects, disconnects and refusals: those of the last minutes, and then as they happen. */
export function NowStrip() {
  const { news, isKnown } = useNews();
  const isRefused = useLiveRefusal(PRESENCE_FILTER) !== null;
  return (
    <Panel title={overviewTexts.now} flush>
      {news.length > 0 && (
        <ol className={classes.events}>
          {news.map((each) => (
            <Line key={each.key} news={each} />
          ))}
        </ol>
      )}
      {isRefused && <Note>{overviewTexts.nowRefused}</Note>}
      {!isRefused && news.length === 0 && <Note>{isKnown ? overviewTexts.nowQuiet : uiTexts.unknown}</Note>}
    </Panel>
  );
}

/** What is known before the page listened, and what it has heard since; nothing is known where neither was told. */
function useNews(): { news: readonly News[]; isKnown: boolean } {
  const [heard, setHeard] = useState<readonly News[]>([]);
  useLiveTopic(PRESENCE_FILTER, ({ messages }) => {
    const fresh = presenceNewsOf(messages);
    if (fresh.length > 0) setHeard((known) => lastNews(fresh, known));
  });
  const clients = useQuery({ ...whoJustMoved(), enabled: usePermission('clients:read') });
  const isPaused = useLiveState().status === 'paused';
  const refusals = useQuery({ ...lastRefusals(), enabled: usePermission('policy:read') && !isPaused });
  // Of more than a page nobody knows which were the last ones.
  const moved = clients.data?.next === null ? clients.data.items.map(newsOfClient) : [];
  const refused = refusals.data?.items.map(newsOfRefusal) ?? [];
  return { news: lastNews(moved, heard, refused), isKnown: clients.isSuccess || heard.length > 0 };
}

function Note({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed" p="md">
      {children}
    </Text>
  );
}

function Line({ news }: { news: News }) {
  const isPresence = 'presence' in news;
  const clientId = isPresence ? news.presence.clientId : news.refusal.clientId;
  return (
    <li className={classes.event}>
      <span className={classes.mark}>
        {isPresence ? <PresenceMark news={news.presence} /> : <RefusalMark refusal={news.refusal} />}
      </span>
      {clientId === null ? (
        <span className={classes.client}>{overviewTexts.noClient}</span>
      ) : (
        <TextLink to="/clients" search={{ c: clientId }} size="sm" className={classes.client}>
          <Literal>{clientId}</Literal>
        </TextLink>
      )}
      <span className={classes.detail}>
        {isPresence ? <MovedDetail news={news.presence} /> : <RefusalDetail refusal={news.refusal} />}
      </span>
      <span className={classes.time}>
        <RelativeTime at={new Date(news.at).toISOString()} />
      </span>
    </li>
  );
}

function PresenceMark({ news: { online, hasSession, isSessionEnd } }: { news: PresenceNews }) {
  if (online) return <StatusMark kind="online">{overviewTexts.connected}</StatusMark>;
  return (
    <StatusMark kind={hasSession ? 'offline' : 'gone'}>
      {isSessionEnd ? overviewTexts.sessionEnded : overviewTexts.disconnected}
    </StatusMark>
  );
}

function RefusalMark({ refusal: { action } }: { refusal: Refusal }) {
  return <StatusMark kind="deny">{action === 'connect' ? overviewTexts.notLetIn : overviewTexts.denied}</StatusMark>;
}

function RefusalDetail({ refusal: { action, topic, refusal, address, count } }: { refusal: Refusal }) {
  const times = count > 1 && ` · ${overviewTexts.times(formatCount(count))}`;
  if (action === 'connect') {
    return (
      <>
        {[reasonText(refusal), address].filter((part) => part !== null).join(' · ')}
        {times}
      </>
    );
  }
  return (
    <>
      {overviewTexts.actions[action]} <Literal>{topic ?? overviewTexts.manyTopics}</Literal>
      {times}
    </>
  );
}

function MovedDetail({
  news: { online, isSessionEnd, username, address, reason, connectedForMs },
}: {
  news: PresenceNews;
}) {
  if (isSessionEnd) return null;
  const after = connectedForMs === null ? null : overviewTexts.after(formatDuration(connectedForMs));
  const parts = (online ? [username, address] : [after, reason && reasonText(reason)]).filter((part) => part !== null);
  // Each reads in its own direction: an Arabic name does not change places with the address behind it.
  return parts.map((part, index) => (
    <Fragment key={part}>
      {index > 0 && ' · '}
      <bdi>{literal(part)}</bdi>
    </Fragment>
  ));
}
