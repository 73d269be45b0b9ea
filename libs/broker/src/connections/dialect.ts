import type { RevocationNotice } from '../access/live-access.js';
import type { WireFormat } from '../frame.js';

/** How long a client may be silent, in milliseconds. */
export interface Patience {
  /** Nothing came for so long, and the connection is ended. */
  readonly idleMs: number;
  /** Nothing came for so long, and the client is pinged; null for never. */
  readonly pingMs: number | null;
  /** How often it is looked at. */
  readonly lookMs: number;
}

/** What a protocol makes of a connection; what all of them have in common is `ClientConnection`. */
export interface Dialect {
  /** The name in presence. */
  readonly protocol: string;
  readonly format: WireFormat;
  readonly patience: Patience;
  /** Takes one message of the client. The bytes are good until the call returns. */
  take(bytes: Buffer, isText: boolean): void;
  /** The client has not said in time who it is. */
  late(): void;
  /** A change of rights took these subscriptions away. */
  revoked(filters: readonly string[], notice: RevocationNotice): void;
}
