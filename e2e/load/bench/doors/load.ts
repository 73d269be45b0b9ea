import type { DoorPlace } from './door.js';
import type { DoorName } from './doors.js';

/** A load on one door: rooms with subscribers and one publisher each, in an open loop. */
export interface DoorLoad {
  readonly rooms: number;
  readonly subscribersEach: number;
  /** Messages per second over all rooms. */
  readonly ratePerS: number;
  readonly payloadBytes: number;
}

/** What the generator is to do. */
export interface DoorJob extends DoorLoad {
  readonly door: DoorName;
  readonly place: DoorPlace;
  /** The server's process. */
  readonly pid: number;
  readonly warmUpS: number;
  readonly measureS: number;
}

/** What came of it, while it was measured. */
export interface DoorOutcome {
  /** CPU of the server per delivered message. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Messages of the whole run that did not come before its end. */
  readonly late: number;
  /** The part of its core that the generator has used. */
  readonly generatorLoad: number;
}

/** The loads, by what they are called in the table: nobody is to get behind, so that a write seldom carries two messages. */
export const loads: Readonly<Record<string, DoorLoad>> = {
  'w1: 1 to 1,000 at 20 msg/s, 64 B': { rooms: 1, subscribersEach: 1000, ratePerS: 20, payloadBytes: 64 },
  'w2: 1 to 50 at 400 msg/s, 64 B': { rooms: 1, subscribersEach: 50, ratePerS: 400, payloadBytes: 64 },
  'w3: 20 pairs at 4,000 msg/s, 64 B': { rooms: 20, subscribersEach: 1, ratePerS: 4000, payloadBytes: 64 },
};
