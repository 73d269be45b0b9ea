import { PublishPace } from './admission/publish-pace.js';
import type { BackPressure, Strain } from './back-pressure.js';
import type { Broker } from './broker.js';
import type { StopTimer } from './ports/clock.js';

/** How often those are looked at who hold a publisher back. */
const LOOK_MS = 100;
/** As long as this at most for one message: whatever else comes over the same link has to get through. */
const LONGEST_HOLD_MS = 1000;
/** Of those who hold a publisher back so many wake it; the others are looked at. */
const WAKERS = 16;

/** Holds one publisher back: its link is not read, so that its own socket slows it down. */
export class Brake {
  private until = 0;
  private since = 0;
  private strains: readonly Strain[] | null = null;
  private stopTimer: StopTimer | null = null;

  constructor(
    private readonly pressure: BackPressure,
    private readonly pace: PublishPace | null,
    /** Told when the publisher may go on. */
    private readonly released: () => void,
  ) {}

  /** The publisher is not to be read. */
  get isHeld(): boolean {
    return this.stopTimer !== null;
  }

  /** To be told of every publish: its payload, and who holds its publisher back. */
  published(bytes: number, strains: readonly Strain[] | null): void {
    if (strains !== null) this.holdBy(strains);
    if (this.pace === null) return;
    const ms = this.pace.spend(bytes, this.now);
    if (ms > 0) this.holdFor(ms);
  }

  /** The publisher has gone. */
  end(): void {
    this.stopWaiting();
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private holdFor(ms: number): void {
    this.until = Math.max(this.until, this.now + ms);
    this.look();
  }

  /** Holds until somebody who is behind has caught up, or nothing moves any more. */
  private holdBy(strains: readonly Strain[]): void {
    this.stopWaiting();
    this.strains = strains;
    this.since = this.now;
    for (const strain of strains.slice(0, WAKERS)) strain.onRelief(this.relieved);
    this.look();
  }

  private get now(): number {
    return this.pressure.clock.uptime();
  }

  private readonly relieved = (): void => {
    this.stopWaiting();
    this.look();
  };

  /** Waits for what there is to wait for, or lets go: after this turn, because others are in the middle of theirs. */
  private look(): void {
    const isHeld = this.isHeld;
    this.stopTimer?.();
    this.stopTimer = null;
    const { now } = this;
    if (this.until > now) this.stopTimer = this.pressure.clock.after(this.until - now, () => this.look());
    else if (this.isStrained(now)) this.stopTimer = this.pressure.clock.after(LOOK_MS, () => this.look());
    else {
      this.stopWaiting();
      if (isHeld) this.pressure.clock.soon(this.released);
    }
  }

  private isStrained(now: number): boolean {
    const { strains } = this;
    if (strains === null || now - this.since >= LONGEST_HOLD_MS) return false;
    return strains.length === 0 ? this.pressure.isOver : strains.every((strain) => strain.isHolding(now));
  }

  private stopWaiting(): void {
    for (const strain of this.strains ?? []) strain.offRelief(this.relieved);
    this.strains = null;
  }
}

/** The brake of a new publisher. */
export function newBrake({ pressure, limits, clock }: Broker, released: () => void): Brake {
  return new Brake(pressure, PublishPace.of(limits, clock.uptime()), released);
}
