/** How current the live data on screen is. */
export type LiveStatus = 'connecting' | 'live' | 'paused' | 'reconnecting' | 'stale' | 'signed-out';

/** What the Live pill shows. */
export interface LiveState {
  readonly status: LiveStatus;
  /** When this status began, in milliseconds since 1970. */
  readonly since: number;
  /** When the data was last known to be current; null before the first connection. */
  readonly lastLiveAt: number | null;
  /** When the next connection attempt is made; null unless reconnecting. */
  readonly retryAt: number | null;
  /** Messages per second over the last five seconds. */
  readonly ratePerSecond: number;
  /** Sequence number of the newest presence event; null before the first. */
  readonly lastSeq: number | null;
  /** Messages held back while paused or hidden. */
  readonly held: number;
}

/** The state before anything happened. */
export function initialLiveState(now: number): LiveState {
  return {
    status: 'connecting',
    since: now,
    lastLiveAt: null,
    retryAt: null,
    ratePerSecond: 0,
    lastSeq: null,
    held: 0,
  };
}
