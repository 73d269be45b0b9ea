import type { CompiledPolicy, Grants } from '@perch/policy';
import type { Broker } from '../broker.js';
import type { Principal } from '../ports/authenticator.js';
import type { Session } from '../session.js';
import type { Subscription } from '../subscription.js';
import type { Admitted } from './admitted.js';
import { regrant, type LostSubscription } from './regrant.js';

/** What the rights of live sessions are applied to. */
export interface LiveAccessHost extends Pick<Broker, 'clock' | 'sessions' | 'unsubscribe'> {
  policy: CompiledPolicy;
  /** The subscription excludes other topics than before. */
  narrowed(subscription: Subscription): void;
}

/** Keeps the rights of every session, online or not, what the policy and its client's principal say now. */
export class LiveAccess {
  constructor(private readonly host: LiveAccessHost) {}

  /** What the policy, and rules of its own, let a client do from now on. */
  grantsFor({ identity }: Pick<Admitted, 'identity' | 'own'>): Grants {
    return this.host.policy.grantsFor(identity, this.host.clock.now());
  }

  /** Puts every client under a new policy: exactly what it takes away is gone when this returns. */
  setPolicy(policy: CompiledPolicy): LostSubscription[] {
    this.host.policy = policy;
    const all: LostSubscription[] = [];
    for (const session of this.host.sessions) if (session.options.isClient) all.push(...this.judgeAgain(session));
    return all;
  }

  /** The client has proved to be another user, or the same again: it has that user's rights from now on. */
  reauthenticated(session: Session, principal: Principal): LostSubscription[] {
    this.host.sessions.become(session, principal);
    return this.judgeAgain(session);
  }

  /** The user has other labels: its clients, online or not, have the rights that go with them when this returns. */
  relabel(username: string, labels: readonly string[]): LostSubscription[] {
    const all: LostSubscription[] = [];
    for (const session of this.host.sessions) {
      if (!session.options.isClient || session.identity.username !== username) continue;
      this.host.sessions.relabel(session, labels);
      all.push(...this.judgeAgain(session));
    }
    return all;
  }

  /** Takes from the session what its new grants no longer give it. */
  putUnder(session: Session, grants: Grants): LostSubscription[] {
    const { lost, narrowed } = regrant(session, grants);
    for (const subscription of narrowed) this.host.narrowed(subscription);
    for (const { subscription } of lost) this.host.unsubscribe(session, subscription.filter);
    if (lost.length + narrowed.length > 0) session.forgetUnreachable();
    if (lost.length > 0) session.peer?.revoked(lost.map(({ subscription }) => subscription.filter));
    const { clientId } = session;
    return lost.map(({ subscription, ruleId }) => ({ clientId, filter: subscription.filter, ruleId }));
  }

  private judgeAgain(session: Session): LostSubscription[] {
    return this.putUnder(session, this.grantsFor(session.options));
  }
}
