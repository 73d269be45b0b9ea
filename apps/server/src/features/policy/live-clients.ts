import { setImmediate } from 'node:timers/promises';
import type { Broker, Session } from '@perch/broker';
import type { ImpactClient } from '@perch/policy';

/** Topics and filters that are collected and sent in one go: less than a millisecond. */
const TOPICS_AT_A_TIME = 500;

/** Every client that has a session, as plain data: some at a time, and traffic goes on between. */
export async function* liveClients(sessions: Broker['sessions']): AsyncGenerator<ImpactClient[]> {
  let clients: ImpactClient[] = [];
  let topics = 0;
  for (const session of sessions) {
    if (!session.options.isClient) continue;
    const client = liveClient(session);
    clients.push(client);
    topics += 1 + client.subscriptions.length + client.published.length;
    if (topics < TOPICS_AT_A_TIME) continue;
    yield clients;
    clients = [];
    topics = 0;
    await setImmediate();
  }
  yield clients;
}

/** What a client does now, and who it is. */
export function liveClient(session: Session): ImpactClient {
  return {
    identity: session.identity,
    own: session.options.own,
    subscriptions: [...session.subscriptions.keys()],
    will: session.will?.topic ?? null,
    published: session.recentTopics(),
  };
}
