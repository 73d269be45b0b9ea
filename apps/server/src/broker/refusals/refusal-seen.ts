import type { RefusedEvent } from '@perch/broker';
import type { Decider } from '@perch/policy';

/** A refusal that is to be counted: one of the broker's, or what a shadow policy would have refused. */
export interface RefusalSeen extends Pick<
  RefusedEvent,
  'action' | 'refusal' | 'clientId' | 'username' | 'address' | 'topic' | 'ruleId'
> {
  /** What decided; null where access control did not. */
  readonly by?: Decider | null;
  readonly labels?: readonly string[];
  readonly protocol?: string | null;
  /** True when nothing was refused: the shadow would have. */
  readonly shadow?: boolean;
}

/** What a row stands for that a bound made of several: further topics and rules of one client, or further clients. */
export type Omits = 'topics' | 'clients';

/** All alike refusals of one quarter of an hour. Raised in place, and written as it stands. */
export interface RefusalCount extends Required<RefusalSeen> {
  /** Its quarter of an hour, in ms since the epoch. */
  readonly bucket: number;
  readonly omits: Omits | null;
  readonly firstAt: number;
  lastAt: number;
  /** The policy revision of the last one. */
  revision: number;
  count: number;
  /** How many of them are in the database. */
  kept: number;
  /** How many of them are not, and nobody tries to write. */
  missing: number;
  /** It waits for the database, with whatever is added until then. */
  isQueued: boolean;
}

/** Length of a bucket. */
export const BUCKET_MS = 15 * 60_000;
