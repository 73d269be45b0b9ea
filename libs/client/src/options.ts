import type { BindAuth } from '@perch/wire';
import type { PerchError } from './perch-error.js';
import { platformWebSocket, type WebSocketFactory } from './web-socket.js';

/** The credentials of a bind: `none`, `basic` with a user name and password, or `bearer` with a token. */
export type Auth = BindAuth;

/** What `connect` may be told. Every bound has a default that suits a browser and a small device. */
export interface ConnectOptions {
  /** Left out for an anonymous client, or where a cookie already says who it is. */
  readonly auth?: Auth;
  /** Left out, the broker assigns one, which is kept across reconnects. */
  readonly clientId?: string;
  readonly webSocketFactory?: WebSocketFactory;
  /** Asks the broker to keep what comes during a break, so that nothing is lost in a short one. True. */
  readonly resume?: boolean;
  /**
   * Messages were lost: so many, or null where nobody knows, as the connection came back and its session did not. Called
   * when subscriptions that went on are there again.
   */
  readonly onLost?: (count: number | null) => void;
  /** Told what no promise can tell: a refused `send`, an answer that could not be read. */
  readonly onError?: (error: PerchError) => void;
  /** The wait before a try: doubled each time from `minMs` (500) to `maxMs` (30,000), less up to half of it at random. */
  readonly backOff?: { readonly minMs: number; readonly maxMs: number };
  /** From opening the socket to being bound. 10,000. */
  readonly connectTimeoutMs?: number;
  /** From a request to its answer, waiting for a connection included. 30,000. */
  readonly requestTimeoutMs?: number;
  /** Between pings; at most a third of what the broker asks for. 20,000. */
  readonly pingIntervalMs?: number;
  /** Silence after a ping that means the link is dead. 10,000. */
  readonly pongTimeoutMs?: number;
  /** Requests without an answer yet; the next one fails with `queue-full`. 1,000. */
  readonly maxPendingRequests?: number;
  /** Characters in those requests, and bytes that the socket has not sent yet. 8 Mi. */
  readonly maxPendingBytes?: number;
}

/** The options with nothing left open. */
export type Settings = Required<Omit<ConnectOptions, 'auth' | 'clientId'>> & { readonly url: string };

/** Fills in the defaults. */
export function settingsOf(url: string, options: ConnectOptions): Settings {
  return {
    url,
    webSocketFactory: options.webSocketFactory ?? platformWebSocket,
    resume: options.resume ?? true,
    onLost: options.onLost ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
    backOff: options.backOff ?? { minMs: 500, maxMs: 30_000 },
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    pingIntervalMs: options.pingIntervalMs ?? 20_000,
    pongTimeoutMs: options.pongTimeoutMs ?? 10_000,
    maxPendingRequests: options.maxPendingRequests ?? 1000,
    maxPendingBytes: options.maxPendingBytes ?? 8 * 1024 * 1024,
  };
}
