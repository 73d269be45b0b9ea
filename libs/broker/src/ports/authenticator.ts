import type { OwnRules } from '@perch/policy';
import type { Refusal } from '../refusal.js';

/** What is known of a client before it has said a word. */
export interface Door {
  /** Textual IP address without port, or null where the link has none. */
  readonly address: string | null;
  /** Who the client's certificate says it is, or null where none was asked for or given. */
  readonly certificateName: string | null;
  /** What the listener settles by itself; null for what holds everywhere. */
  readonly allowAnonymous: boolean | null;
}

/** What a client shows at the door. */
export interface Credentials extends Door {
  readonly clientId: string;
  readonly username: string | null;
  readonly password: Buffer | null;
  readonly protocol: string;
}

/** Who a client turned out to be, and on what terms it comes in. What is left out is null, or none. */
export interface Principal {
  readonly username: string | null;
  /** Whose word the name is: the same name from another authenticator is somebody else. */
  readonly authenticator?: string | null;
  /** What rules may call it by, beside its name. */
  readonly labels?: readonly string[];
  /** When its connection ends, in ms since the epoch; null for whenever the client likes. */
  readonly validUntil?: number | null;
  /** Connections of this user at a time, this one among them; null for as many as all users may have. */
  readonly connectionLimit?: number | null;
  /** Rules of this client alone, `MAX_OWN_RULES` at most. */
  readonly own?: OwnRules | null;
}

/** Who the client turned out to be, or why it may not come in. */
export type Authentication =
  ({ readonly accepted: true } & Principal) | { readonly accepted: false; readonly refusal: Refusal };

/** What a step of an enhanced authentication leads to [MQTT5 4.12]. */
export type AuthenticationStep =
  | { readonly state: 'continue'; readonly data: Buffer }
  | ({ readonly state: 'accepted'; readonly username: string; readonly data: Buffer | null } & Principal)
  | { readonly state: 'refused'; readonly refusal: Refusal };

/** An enhanced authentication under way: what the client sends goes in, what it is to be sent comes out. */
export interface AuthenticationExchange {
  step(data: Buffer | null): AuthenticationStep | Promise<AuthenticationStep>;
}

/**
 * Decides who may connect. Answers at once where it can (a verified-credential cache),
 * so that a reconnect storm costs no promise and no hash. Never rejects for wrong credentials.
 */
export interface Authenticator {
  authenticate(credentials: Credentials): Authentication | Promise<Authentication>;
  /** Begins an enhanced authentication; null when the method is not known. Left out: none is. */
  begin?(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null;
}
