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

/** What came of a test event. */
export interface TestAnswer {
  readonly arrived: boolean;
  /** One sentence. */
  readonly said: string;
  /** The beginning of what it answered; null for nothing. */
  readonly body: string | null;
}

/** Where a bridge leads. */
export interface Destination {
  /** In words that name no secret. */
  readonly target: string;
  /** How much goes at a time. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** Whether it is left alone for a while; null where nothing ever is. */
  readonly circuit: 'closed' | 'open' | null;
  encode(event: BridgeEvent): string;
  /** Never rejects: null when the batch has arrived. */
  send(batch: Batch): Promise<Setback | null>;
  /** Has it take a batch out of turn, and says what it answered. Never rejects. */
  test(batch: Batch): Promise<TestAnswer>;
  close(): Promise<void>;
}
