import { matches, splitShare } from './filters.js';
import type { Published } from './published.js';

/** A subscription as it is asked for. QoS and identifier of one filter stay the same for the life of a client. */
export interface Subscribing {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly identifier: number | null;
}

/** One subscription from SUBSCRIBE to UNSUBACK. */
export interface Claim extends Subscribing {
  readonly group: string | null;
  readonly topicFilter: string;
  readonly askedAt: number;
  /** SUBACK. */
  grantedAt: number | null;
  /** UNSUBSCRIBE. */
  leftAt: number | null;
  /** UNSUBACK. */
  endedAt: number | null;
}

/**
 * The subscriptions of one session over time.
 *
 *     SUBSCRIBE ──── SUBACK ═════════════ UNSUBSCRIBE ──── UNSUBACK
 *        may have it     must have it          may have it       may not, but for what was queued
 */
export class Claims {
  private claims: Claim[] = [];

  ask(subscription: Subscribing, now: number): void {
    if (this.current(subscription.filter)) return; // asked again: it has been there since
    const { group, topicFilter } = splitShare(subscription.filter);
    const times = { askedAt: now, grantedAt: null, leftAt: null, endedAt: null };
    this.claims.push({ ...subscription, group, topicFilter, ...times });
  }

  grant(filter: string, now: number): void {
    const claim = this.current(filter);
    if (claim) claim.grantedAt ??= now;
  }

  leave(filter: string, now: number): void {
    for (const claim of this.claims) if (claim.filter === filter && claim.endedAt === null) claim.leftAt ??= now;
  }

  leaveAll(now: number): void {
    for (const claim of this.claims) claim.leftAt ??= now;
  }

  end(filter: string, now: number): void {
    for (const claim of this.claims) if (claim.filter === filter && claim.leftAt !== null) claim.endedAt ??= now;
  }

  forget(): void {
    this.claims = [];
  }

  /** Whether the message has to come, now that it is acknowledged, through a plain subscription or this shared one. */
  owed(message: Published, share: string | null): boolean {
    const isOf = ({ group, filter }: Claim) => (share === null ? group === null : filter === share);
    return this.certain(message).some((claim) => isOf(claim) && claim.qos > 0);
  }

  /** Which subscriptions were there without doubt, whenever the broker took the message. */
  certain({ topic, startedAt }: Published): Claim[] {
    if (startedAt === null) return [];
    return this.claims.filter(
      ({ topicFilter, grantedAt, leftAt }) =>
        leftAt === null && grantedAt !== null && grantedAt < startedAt && matches(topicFilter, topic),
    );
  }

  /** Which subscriptions may have brought the message. */
  possible({ topic, startedAt, acknowledgedAt }: Published): Claim[] {
    if (startedAt === null) return [];
    return this.claims.filter(
      ({ topicFilter, group, askedAt, endedAt }) =>
        (endedAt === null || endedAt > startedAt) &&
        // What another member left may come to a member at any time.
        (acknowledgedAt === null || askedAt < acknowledgedAt || group !== null) &&
        matches(topicFilter, topic),
    );
  }

  private current(filter: string): Claim | undefined {
    return this.claims.find((claim) => claim.filter === filter && claim.leftAt === null);
  }
}
