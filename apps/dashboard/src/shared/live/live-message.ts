import type { PayloadEncoding } from '@perch/wire';

/** One message of the live feed; its payload is decoded when somebody asks, and once. */
export class LiveMessage {
  private decoded: { value: unknown } | null = null;

  constructor(
    readonly topic: string,
    readonly payload: string,
    readonly encoding: PayloadEncoding = 'utf8',
  ) {}

  /** The payload as JSON, or undefined where it is none. */
  json(): unknown {
    this.decoded ??= { value: parse(this.payload, this.encoding) };
    return this.decoded.value;
  }
}

function parse(payload: string, encoding: PayloadEncoding): unknown {
  if (encoding !== 'utf8') return undefined;
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    // Not JSON is an answer here, not a fault: statistics are bare words and numbers.
    return undefined;
  }
}

/** What a watcher of one filter is handed, at most four times a second. */
export interface LiveBatch {
  readonly messages: readonly LiveMessage[];
  /** False when messages between the batch before and this one may be missing: after a reconnect, after an overflow. */
  readonly complete: boolean;
}

/** Takes one batch of a watched filter. */
export type LiveBatchHandler = (batch: LiveBatch) => void;
