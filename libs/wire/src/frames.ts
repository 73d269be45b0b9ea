import type { RefusalCode } from './refusal-code.js';

/** The WebSocket subprotocol both sides name. */
export const SUBPROTOCOL = 'perch.json';

/** How many filters one subscribe or unsubscribe may name. */
export const MAX_FILTERS_PER_FRAME = 100;

/** How a payload travels inside JSON: as text, or as base64 where it is not valid UTF-8. */
export type PayloadEncoding = 'utf8' | 'base64';

/** Who the client is. A bind without `auth` keeps the credentials that the connection has. */
export interface BindRequest {
  readonly type: 'bind';
  readonly id: number;
  /** 1 to 65,535 bytes of UTF-8; the broker assigns one when absent. Cannot change once bound. */
  readonly clientId?: string;
  readonly auth?: { readonly type: 'basic'; readonly username: string; readonly password: string };
}

/** One filter of a subscribe. */
export interface FilterRequest {
  readonly filter: string;
  /** When retained messages are sent: 0 at each subscribe (default), 1 only if new, 2 never [MQTT5 3.8.3.1]. */
  readonly retainHandling?: 0 | 1 | 2;
}

/** Asks for messages. Each filter is judged by itself. */
export interface SubscribeRequest {
  readonly type: 'subscribe';
  readonly id: number;
  readonly filters: readonly (string | FilterRequest)[];
}

/** Ends subscriptions. */
export interface UnsubscribeRequest {
  readonly type: 'unsubscribe';
  readonly id: number;
  readonly filters: readonly string[];
}

/** Publishes one message. With an `id` it is answered by a result; without, only a refusal is answered. */
export interface PublishRequest {
  readonly type: 'publish';
  readonly id?: number;
  readonly topic: string;
  readonly payload: string;
  /** Default `utf8`. */
  readonly encoding?: PayloadEncoding;
  /** Default 0. With 1 the result follows after what must be durable is committed. */
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

/** Keeps a quiet connection alive; answered by a pong. */
export interface PingRequest {
  readonly type: 'ping';
}

/** What a client may send, one JSON object per text frame. */
export type ClientFrame = BindRequest | SubscribeRequest | UnsubscribeRequest | PublishRequest | PingRequest;

/** The first frame of the broker, and its answer to each successful bind. */
export interface WelcomeFrame {
  readonly type: 'welcome';
  /** Present after a bind that carried an id. */
  readonly id?: number;
  /** Null until the connection is bound. */
  readonly clientId: string | null;
  readonly maxFrameBytes: number;
  /** The broker closes a connection that sends nothing for this long. */
  readonly keepAliveMs: number;
}

/** Why something was refused. */
export interface WireError {
  readonly code: RefusalCode;
  readonly message: string;
}

/** The result for one filter. */
export interface FilterResult {
  readonly filter: string;
  readonly error?: WireError;
}

/** The answer to the request of the same id. `id` is null when the frame could not be read or carried none. */
export interface ResultFrame {
  readonly type: 'result';
  readonly id: number | null;
  readonly ok: boolean;
  readonly error?: WireError;
  /** For subscribe and unsubscribe: one per filter, in the order asked. `ok` is true when none has an error. */
  readonly results?: readonly FilterResult[];
}

/** One delivered message. */
export interface WireMessage {
  readonly topic: string;
  readonly payload: string;
  /** Absent means `utf8`. */
  readonly encoding?: PayloadEncoding;
  /** True for a retained message sent because of a subscribe. */
  readonly retain?: true;
}

/** Everything delivered in one turn of the broker, in order. */
export interface MessagesFrame {
  readonly type: 'messages';
  readonly messages: readonly WireMessage[];
}

/** Subscriptions that an operator's change took away while the connection lives. */
export interface RevokedFrame {
  readonly type: 'revoked';
  readonly filters: readonly string[];
}

/** The answer to a ping. */
export interface PongFrame {
  readonly type: 'pong';
}

/** What the broker may send, one JSON object per text frame. */
export type ServerFrame = WelcomeFrame | ResultFrame | MessagesFrame | RevokedFrame | PongFrame;
