import type { Clock, StopTimer } from './ports/clock.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';
import type { Receivers } from './topics/match-cache.js';

/** What back-pressure is bounded by. */
export interface BackPressureLimits {
  /** Bytes that wait for all slow links together; above it nobody publishes at full speed. */
  readonly outboxBytesTotal: number;
  /** A link that has taken nothing for so long is ended. */
  readonly stalledLinkMs: number;
}

/** Where messages for a client pile up: before its link, or behind its in-flight window. */
export const OUTBOX = 1;
export const QUEUE = 2;

/** A client that has taken something within this time is slow; one that has not is stalled, and holds up nobody. */
const ALIVE_MS = 2000;
/** While too much waits in all, a stalled link is ended this soon. */
const STALLED_MS_WHEN_OVER = 5000;
const TICK_MS = 1000;
/** Below this part of its bound the whole may grow again. */
const RELIEF = 0.75;

/** How far behind one client is. */
export class Strain {
  private places = 0;
  private bytes = 0;
  private movedAt: number;
  private waiters: Set<() => void> | null = null;
  private isClosed = false;

  constructor(
    private readonly pressure: BackPressure,
    /** Ends the client's link. */
    readonly end: () => void,
  ) {
    this.movedAt = pressure.clock.uptime();
  }

  /** More piles up in this place than is good. */
  raise(place: number): void {
    if (this.isClosed || (this.places & place) !== 0) return;
    if (this.places === 0) this.pressure.strained++;
    this.places |= place;
  }

  /** It has been worked off. */
  ease(place: number): void {
    if ((this.places & place) === 0) return;
    this.places &= ~place;
    if (this.places !== 0) return;
    this.pressure.strained--;
    this.wake();
  }

  /** The client has taken something. */
  moved(): void {
    this.movedAt = this.pressure.clock.uptime();
  }

  /** The link takes no more; so many bytes wait for it. */
  blocked(): void {
    this.moved();
    this.pressure.watch(this);
  }

  /** More or fewer bytes wait for the blocked link. */
  weigh(bytes: number): void {
    this.bytes += bytes;
    this.pressure.bytes += bytes;
  }

  /** The link takes more: nothing of it counts as waiting. */
  unblocked(): void {
    this.moved();
    this.weigh(-this.bytes);
    this.pressure.unwatch(this);
  }

  /** Too far behind, but coming along. */
  isHolding(now: number): boolean {
    return this.places !== 0 && now - this.movedAt < ALIVE_MS;
  }

  isStalled(now: number, limitMs: number): boolean {
    return now - this.movedAt >= limitMs;
  }

  /** Calls once when the client has caught up. */
  onRelief(run: () => void): void {
    (this.waiters ??= new Set()).add(run);
  }

  offRelief(run: () => void): void {
    this.waiters?.delete(run);
  }

  /** The client has gone. */
  close(): void {
    this.isClosed = true;
    this.unblocked();
    this.ease(OUTBOX);
    this.ease(QUEUE);
  }

  private wake(): void {
    const { waiters } = this;
    this.waiters = null;
    if (waiters) for (const run of waiters) run();
  }
}

/**
 * Slows publishers down that are faster than everybody who listens to them, instead of letting queues grow. Whoever
 * keeps up with a publisher frees it; whoever has stalled holds up nobody, and is ended in the end.
 */
export class BackPressure {
  /** Clients that are too far behind. */
  strained = 0;
  /** Bytes that wait for links that take no more. */
  bytes = 0;
  private readonly blocked = new Set<Strain>();
  private stopTimer: StopTimer | null = null;

  constructor(
    readonly clock: Clock,
    private readonly limits: BackPressureLimits,
  ) {}

  /** Somebody is behind: a publish has to be looked at. All that this costs while nobody is. */
  get isFelt(): boolean {
    return this.strained > 0 || this.bytes > this.limits.outboxBytesTotal;
  }

  /** Too much waits in all. */
  get isOver(): boolean {
    return this.bytes > this.limits.outboxBytesTotal * RELIEF;
  }

  /**
   * Who holds this publisher back: everybody who was to get its message, where none of them keeps up; nobody in
   * particular where too much waits in all. Null when it may go on.
   */
  strainsOf({ deliveries, groups }: Receivers, publisher: unknown): readonly Strain[] | null {
    if (this.bytes > this.limits.outboxBytesTotal) return [];
    const now = this.clock.uptime();
    const strains: Strain[] = [];
    const holds = ({ session }: Subscription): boolean => {
      const strain = strainOf(session, publisher);
      if (!strain?.isHolding(now)) return false;
      strains.push(strain);
      return true;
    };
    if (!deliveries.every(holds) || !groups.every((group) => group.everyMember(holds))) return null;
    return strains.length > 0 ? strains : null;
  }

  watch(strain: Strain): void {
    this.blocked.add(strain);
    this.stopTimer ??= this.clock.every(TICK_MS, () => this.tick());
  }

  unwatch(strain: Strain): void {
    this.blocked.delete(strain);
    if (this.blocked.size === 0) this.stop();
  }

  /** Watches nobody any more. */
  stop(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private tick(): void {
    const now = this.clock.uptime();
    const isOver = this.bytes > this.limits.outboxBytesTotal;
    const limitMs = isOver ? Math.min(STALLED_MS_WHEN_OVER, this.limits.stalledLinkMs) : this.limits.stalledLinkMs;
    for (const strain of [...this.blocked]) if (strain.isStalled(now, limitMs)) strain.end();
  }
}

/** A publisher that listens to itself is not held up by itself: it could not take what it is to take. */
function strainOf(session: Session, publisher: unknown): Strain | null {
  return session === publisher ? null : (session.peer?.outbox.strain ?? null);
}
