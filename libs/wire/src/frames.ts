import type { RefusalCode } from './refusal-code.js';

/** The WebSocket subprotocol both sides name. */
export const SUBPROTOCOL = 'perch.json';

/** How many filters one subscribe or unsubscribe may name. */
export const MAX_FILTERS_PER_FRAME = 100;

/** How a payload travels inside JSON: as text, or as base64 where it is not valid UTF-8. */
export type PayloadEncoding = 'utf8' | 'base64';

/** How many messages one `messages` frame of a client may have. */
export const MAX_MESSAGES_PER_FRAME = 1000;

/** What a client proves with who it is. */
export type BindAuth =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string };

/** Where a client was in what it had been sent. */
export interface ResumePoint {
  /** The `session` of a welcome. */
  readonly session: string;
  /** The `offset` of the last `messages` frame that came, or of the welcome before any has. */
  readonly offset: number;
}

/** Who the client is, at first and again whenever it wants other rights. Without `auth` it is anonymous. */
export interface BindRequest {
  readonly type: 'bind';
  readonly id: number;
  /** 1 to 65,535 bytes of UTF-8; the broker assigns one when absent. Cannot change once bound. */
  readonly clientId?: string;
  readonly auth?: BindAuth;
  /** Asks for a session that outlives a break for a while: true for a new one, or where the last connection ended. */
  readonly resume?: true | ResumePoint;
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

/** One message of a client. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string;
  /** Default `utf8`. */
  readonly encoding?: PayloadEncoding;
  /** Default 0. With 1 the result follows after what must be durable is committed. */
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

/** Publishes one message. With an `id` it is answered by a result; without, only a refusal is answered. */
export interface PublishRequest extends OutgoingMessage {
  readonly type: 'publish';
  readonly id?: number;
}

/** Publishes several, in order, each judged by itself. Answered as a publish is, with a result for each message. */
export interface MessagesRequest {
  readonly type: 'messages';
  readonly id?: number;
  readonly messages: readonly OutgoingMessage[];
}

/** Keeps a quiet connection alive; answered by a pong. */
export interface PingRequest {
  readonly type: 'ping';
  /** Everything up to this offset has come, and need not be kept for a resume. */
  readonly offset?: number;
}

/** What a client may send, one JSON object per text frame. */
export type ClientFrame =
  BindRequest | SubscribeRequest | UnsubscribeRequest | PublishRequest | MessagesRequest | PingRequest;

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
  /** Names the session to whoever wants to resume it: a secret. Absent where it cannot be resumed. */
  readonly session?: string;
  /** Where the session is; the next message has the number after it. */
  readonly offset?: number;
  /** How long after a break the session can be resumed. */
  readonly resumeMs?: number;
  /** In the answer to a bind that wanted to resume: whether the session goes on, its subscriptions with it. */
  readonly resumed?: boolean;
  /** How many messages of a session that goes on are gone: more came than the broker keeps. */
  readonly lost?: number;
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

/** The result for one message of several. */
export interface MessageResult {
  readonly error?: WireError;
}

/** The answer to the request of the same id. `id` is null when the frame could not be read or carried none. */
export interface ResultFrame {
  readonly type: 'result';
  readonly id: number | null;
  readonly ok: boolean;
  readonly error?: WireError;
  /** One per filter or message, in the order asked. `ok` is true when none has an error. */
  readonly results?: readonly (FilterResult | MessageResult)[];
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
  /** In a session that can be resumed: the number of the last of these messages. */
  readonly offset?: number;
  /** So many messages before these were dropped, as the client read too slowly. */
  readonly lost?: number;
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
