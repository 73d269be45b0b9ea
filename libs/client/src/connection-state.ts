import type { CloseName, RefusalCode } from '@perch/wire';

/**
 *                 bound                lost
 *   connecting ──────────▶ open ──────────────▶ reconnecting
 *       │                   ▲                      │   ▲  │ tries again, attempt + 1
 *       │ lost              └──────────────────────┘   └──┘
 *       └──────────────────────────────────────────▶ reconnecting
 *
 *   any ── close(), or a reason that says stay away ──▶ closed ── reconnect(), bind() ──▶ connecting
 */
export type ConnectionStatus = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** Why the connection ended. */
export interface CloseReason {
  /**
   * The broker's word for it, or what the client saw: `network` (the link broke or could not be made), `noAnswer` (it went
   * silent), `badAnswer` (not this protocol), `bindRefused` (see `refusal`), `closedByClient`.
   */
  readonly name: CloseName | 'network' | 'noAnswer' | 'badAnswer' | 'bindRefused' | 'closedByClient';
  /** The WebSocket close code where there was one. */
  readonly code: number | null;
  readonly refusal: RefusalCode | null;
  /** One sentence for people. */
  readonly message: string;
}

/** What the connection is doing. Replaced, never changed, so that it can be compared by identity. */
export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Who the broker says we are; null unless open. */
  readonly clientId: string | null;
  /** Why the last connection ended; null until one has, and while open. */
  readonly reason: CloseReason | null;
  /** Counts tries since the last connection that lasted; 0 while open. */
  readonly attempt: number;
  /** When the next try begins, in ms since the epoch; null while one is under way and when none is planned. */
  readonly nextTryAt: number | null;
}
