import type { Message, StoredDelivery, StoredSession, StoredSubscription } from '@perch/broker';

/** The one copy of a message in a batch, and how many deliveries of the batch need it. */
export interface BatchMessage {
  readonly id: number;
  readonly message: Message;
  deliveries: number;
}

/** A delivery that is not in the database yet. */
export interface Appended {
  readonly delivery: StoredDelivery;
  readonly copy: BatchMessage;
  isReceived: boolean;
}

/** Deliveries behind `after` and up to `through`. */
export interface SeqRange {
  readonly after: number;
  readonly through: number;
}

/**
 * What changed of one session in one batch: the outcome of all its changes, not their history. A batch may have one for
 * each of a hundred thousand sessions, so collections are made when there is something to be put into them.
 */
export class SessionChanges {
  /** The session itself, when it is new or has changed. */
  session: StoredSession | null = null;
  /** Nothing of it is in the database yet. */
  isNew = false;
  /** By filter; null for one that is gone. */
  subscriptions: Map<string, StoredSubscription | null> | null = null;
  /** False for one that is gone. */
  packetIds: Map<number, boolean> | null = null;
  /** By `seq`. */
  appended: Map<number, Appended> | null = null;
  /** Deliveries of earlier batches, by `seq`. */
  received: Set<number> | null = null;
  settled: number[] | null = null;
  settledRanges: SeqRange[] | null = null;

  constructor(readonly id: number) {}

  changeSubscription(filter: string, subscription: StoredSubscription | null): void {
    (this.subscriptions ??= new Map()).set(filter, subscription);
  }

  changePacketId(packetId: number, isKept: boolean): void {
    (this.packetIds ??= new Map()).set(packetId, isKept);
  }

  append(seq: number, appended: Appended): void {
    (this.appended ??= new Map()).set(seq, appended);
  }

  markReceived(seq: number): void {
    const appended = this.appended?.get(seq);
    if (appended) appended.isReceived = true;
    else (this.received ??= new Set()).add(seq);
  }

  /** Returns the delivery when it never gets to the database. */
  settle(seq: number): Appended | null {
    const appended = this.appended?.get(seq);
    if (appended) {
      this.appended?.delete(seq);
      return appended;
    }
    this.received?.delete(seq);
    (this.settled ??= []).push(seq);
    return null;
  }

  /** Returns those that never get to the database. */
  settleRange(settled: SeqRange): Appended[] {
    const cancelled: Appended[] = [];
    for (const [seq, appended] of this.appended ?? []) {
      if (seq > settled.through) break;
      if (seq <= settled.after) continue;
      this.appended?.delete(seq);
      cancelled.push(appended);
    }
    (this.settledRanges ??= []).push(settled);
    return cancelled;
  }
}
