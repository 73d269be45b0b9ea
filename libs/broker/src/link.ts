import type { Refusal } from './refusal.js';

/** What a link reports to the protocol that owns it. */
export interface LinkHandler {
  /**
   * Bytes that arrived, in order; on a WebSocket whose messages stand by themselves one message, of text or binary. The
   * buffer may be reused after the call returns.
   */
  received(bytes: Buffer, isText?: boolean): void;
  /** What was written has left; more may be sent. */
  drained(): void;
  /** The peer broke the transport's own rules; the link is ending by itself. */
  broken(refusal: Refusal): void;
  /**
   * The peer sends no more, but may still read. What it sent was handed over, also when it was paused meanwhile.
   * A handler that does not care has its link ended instead. Links whose peer cannot only stop sending never tell it.
   */
  ended?(): void;
  /** The transport is gone: null when the peer closed it in order. Called exactly once. */
  closed(error: Error | null): void;
}

/** What a link runs over. */
export type LinkKind = 'tcp' | 'tls' | 'unix' | 'ws' | 'wss' | 'http' | 'memory';

/** Bytes that a link has carried since it opened. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One open transport. */
export interface Link {
  readonly kind: LinkKind;
  /** Textual IP address of the peer without port, or null. */
  readonly address: string | null;
  readonly port: number | null;
  /** The name in the peer's certificate, which was verified; null where there is none. */
  readonly certificateName: string | null;
  /** As the transport itself counts it; null where it does not. */
  readonly traffic: Traffic | null;
  /** Hands over the handler; bytes flow from now on. */
  open(handler: LinkHandler): void;
  /**
   * Writes one frame, or several back to back. The link owns the buffers from now on.
   * False when the transport is full: wait for `drained`.
   */
  send(frames: readonly Buffer[]): boolean;
  /** Stops and restarts handing over, so that the peer feels back pressure. That it has gone is told all the same. */
  pause(): void;
  resume(): void;
  /** Sends what was handed over, then ends. On a WebSocket with this code and reason. */
  end(code?: number, reason?: string): void;
  /** Ends now; nothing more is sent. */
  destroy(): void;
}
