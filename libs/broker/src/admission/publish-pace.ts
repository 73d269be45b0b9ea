import { TokenBucket } from './token-bucket.js';

/** What one client may publish in a second; 0 for no bound. */
export interface PublishRates {
  readonly publishesPerSecond: number;
  readonly publishBytesPerSecond: number;
}

/** Something of it is bounded. */
export function isPaced({ publishesPerSecond, publishBytesPerSecond }: PublishRates): boolean {
  return publishesPerSecond > 0 || publishBytesPerSecond > 0;
}

/** A rate may be had for this long at once after a rest. */
const BURST_SECONDS = 2;

/** Bounds how fast one client publishes. */
export class PublishPace {
  private constructor(
    private readonly messages: TokenBucket | null,
    private readonly bytes: TokenBucket | null,
  ) {}

  /** Null where there is no bound. */
  static of(rates: PublishRates, now: number): PublishPace | null {
    if (!isPaced(rates)) return null;
    const { publishesPerSecond, publishBytesPerSecond } = rates;
    return new PublishPace(newBucket(publishesPerSecond, now), newBucket(publishBytesPerSecond, now));
  }

  /** Milliseconds until the next one may be taken, 0 for now. */
  debtMs(now: number): number {
    return Math.max(this.messages?.take(0, now) ?? 0, this.bytes?.take(0, now) ?? 0);
  }

  /** Counts one publish; milliseconds until the next one may be taken. */
  spend(bytes: number, now: number): number {
    return Math.max(this.messages?.take(1, now) ?? 0, this.bytes?.take(bytes, now) ?? 0);
  }
}

function newBucket(perSecond: number, now: number): TokenBucket | null {
  return perSecond > 0 ? new TokenBucket({ perSecond, burst: perSecond * BURST_SECONDS }, now) : null;
}
