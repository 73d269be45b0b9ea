import type { BridgeEvent } from './bridge-event.js';

/** Events that go together; the same ones under the same id until that is settled. */
export interface Batch {
  readonly id: string;
  /** As the destination has encoded them. */
  readonly lines: readonly string[];
  /** Events that were lost since the last batch that arrived. */
  readonly lost: number;
}

/** Why a batch was not taken; for good, or it may be tried again. */
export interface Setback {
  readonly problem: string;
  readonly isFinal: boolean;
}

/** Where a bridge leads. */
export interface Destination {
  /** How much goes at a time. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** Whether it is left alone for a while; null where nothing ever is. */
  readonly circuit: 'closed' | 'open' | null;
  encode(event: BridgeEvent): string;
  /** Never rejects: null when the batch has arrived. */
  send(batch: Batch): Promise<Setback | null>;
  close(): Promise<void>;
}
