import type { RevocationNotice } from '../access/live-access.js';
import type { WireFormat } from '../frame.js';
import type { Refusal } from '../refusal.js';
import type { Closing } from './closing.js';

/** How long a client may be silent, in milliseconds. */
export interface Patience {
  /** Nothing came for so long, and the connection is ended. */
  readonly idleMs: number;
  /** Nothing came for so long, and the client is pinged; null for never. */
  readonly pingMs: number | null;
  /**
   * How often it is looked at; any byte that came since the last time is a sign of life, that of a pong too. Null: when its
   * time is over, and only messages are.
   */
  readonly lookMs: number | null;
}

/** What a protocol makes of a connection; what all of them have in common is `ClientConnection`. */
export interface Dialect {
  /** The name in presence. */
  readonly protocol: string;
  readonly format: WireFormat;
  readonly patience: Patience;
  /** Wrong credentials in a row that cost the connection; null where the dialect counts for itself. */
  readonly mostWrong: number | null;
  /** What comes while its client is let in for the first time is taken, to be answered; otherwise it waits. */
  readonly takesWhileEntering?: boolean;
  /** The connection is there. */
  started?(): void;
  /** Takes one message of the client. The bytes are good until the call returns. */
  take(bytes: Buffer, isText: boolean): void;
  /** The client has not said in time who it is. */
  late(): void;
  /** A change of rights took these subscriptions away. */
  revoked(filters: readonly string[], notice: RevocationNotice): void;
  /** How a connection is closed that the refusal ends. */
  closingOf(refusal: Refusal): Closing;
}
