import { expect } from 'vitest';
import type { Arrival, ModelMessage, ModelSession } from './session-model.js';
import { SHARED_FILTER, SHARED_TOPIC } from './steps.js';

interface Share {
  readonly message: ModelMessage;
  takenBy: ModelSession | null;
  /** Somebody has to get it. */
  isOwed: boolean;
  /** QoS 2 that somebody may have had: nobody else may get it [MQTT5-4.8.2-5]. */
  isBurnt: boolean;
  /** The broker has restarted since: it may not know whether it has sent it. */
  isUncertain: boolean;
}

/** What was published to those who share a subscription: one of them gets it, whoever the broker chooses. */
export class SharedPool {
  private readonly shares = new Map<string, Share>();
  private readonly members = new Set<ModelSession>();

  /** The session may be chosen from now on; once it was, it may be chosen for what was published then. */
  joins(session: ModelSession): void {
    this.members.add(session);
  }

  /** It leaves the group, or it is over: what it had goes to somebody else, or to nobody. */
  leaves(session: ModelSession, isOver: boolean): void {
    if (isOver) this.members.delete(session);
    for (const share of this.shares.values()) {
      if (share.takenBy === session && isOver) {
        const debt = session.debts.find(({ message }) => message === share.message);
        const isDone = !debt || debt.state === 'done';
        if (isDone || debt.qos === 2) share.isBurnt = true;
        else share.takenBy = null;
      }
      // Who was chosen for what has not arrived yet, nobody knows.
      if (session.subscriptions.has(SHARED_FILTER)) share.isOwed = false;
    }
  }

  /** It was published; whether it has to arrive depends on those who share it, too. */
  take(message: ModelMessage, sessions: Iterable<ModelSession>, mayBeDropped: boolean): void {
    if (message.topic !== SHARED_TOPIC) return;
    const qos = [...sessions].flatMap(({ subscriptions }) => subscriptions.get(SHARED_FILTER)?.qos ?? []);
    if (qos.length === 0) return;
    const isOwed = !mayBeDropped && message.qos > 0 && qos.every((each) => each > 0);
    this.shares.set(message.text, { message, takenBy: null, isOwed, isBurnt: false, isUncertain: false });
  }

  /** A shared message has arrived somewhere. True when the session is to look at it like at any other. */
  arrived(session: ModelSession, arrival: Arrival): boolean {
    const share = this.shares.get(arrival.text);
    if (!share) return expect.fail(`${session.clientId} got ${arrival.text}, which is lost or was for nobody`);
    const isItsOwn = share.takenBy === session;
    expect(share.isBurnt && !isItsOwn, `${arrival.text} came to ${session.clientId} after somebody else had it`).toBe(
      false,
    );
    expect(share.takenBy === null || isItsOwn, `${arrival.text} came to two who share it`).toBe(true);
    expect(this.members.has(session), `${session.clientId} never shared ${arrival.text}`).toBe(true);
    share.takenBy = session;
    if (arrival.qos > 0 && !isItsOwn) session.chosenFor(share.message, arrival, share.isUncertain);
    return arrival.qos > 0;
  }

  /** What was not promised is gone after a crash. */
  restarted(isCrash: boolean): void {
    for (const [text, share] of this.shares) {
      share.isUncertain = true;
      if (isCrash && !share.message.isAcknowledged) this.shares.delete(text);
    }
  }

  /** Everybody has everything: what was owed to one of them must have come. */
  finished(now: number): void {
    const missing = [...this.shares.values()].filter(
      ({ message, isOwed, takenBy }) => isOwed && !takenBy && (message.expiresAt === null || message.expiresAt > now),
    );
    expect(
      missing.map(({ message }) => message.text),
      'shared messages that nobody got',
    ).toEqual([]);
  }
}
