import { admitted } from './access/admitted.js';
import { NOT_ASKED } from './access/asked-grants.js';
import type { Broker } from './broker.js';
import type { RestoredSession } from './ports/session-store.js';
import type { SessionOptions } from './session.js';

/** Takes in the durable sessions that the store has kept: offline, under today's policy. */
export async function restoreSessions(broker: Broker): Promise<void> {
  await broker.log.store.load((restored) => restoreSession(broker, restored));
  broker.sessions.restored();
}

function restoreSession(broker: Broker, restored: RestoredSession): void {
  const options = optionsOf(broker, restored);
  const session = broker.sessions.restore(restored, options);
  broker.access.opened(session);
  for (const { identifiers, ...stored } of restored.subscriptions) {
    const verdict = options.grants.subscribe(stored.filter);
    if (verdict.allowed || verdict === NOT_ASKED)
      broker.add(session, { identifiers: identifiers ?? undefined, ...stored }, verdict);
    else broker.log.store.removeSubscription(restored.session.id, stored.filter);
  }
}

function optionsOf(broker: Broker, { session }: RestoredSession): Omit<SessionOptions, 'peer'> {
  const { protocol, will, sessionExpiryInterval } = session;
  const who = admitted(session, session);
  return {
    grants: broker.access.grantsFor(who),
    port: null,
    protocol,
    isClient: true,
    keepAlive: 0,
    will: will?.message ?? null,
    willDelayInterval: will?.delayInterval ?? 0,
    cleanStart: false,
    sessionExpiryInterval,
    // Last: V8 gives objects shapes of their own where properties follow a spread, one for each.
    ...who,
  };
}
