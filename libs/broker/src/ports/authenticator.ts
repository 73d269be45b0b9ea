import type { Refusal } from '../refusal.js';

/** What a client shows at the door. */
export interface Credentials {
  readonly clientId: string;
  readonly username: string | null;
  readonly password: Buffer | null;
  /** Textual IP address without port, or null where the link has none. */
  readonly address: string | null;
  readonly protocol: string;
}

/** Who the client turned out to be, or why it may not come in. */
export type Authentication =
  | { readonly accepted: true; readonly username: string | null }
  | { readonly accepted: false; readonly refusal: Refusal };

/**
 * Decides who may connect. Answers at once where it can (a verified-credential cache),
 * so that a reconnect storm costs no promise and no hash. Never rejects for wrong credentials.
 */
export interface Authenticator {
  authenticate(credentials: Credentials): Authentication | Promise<Authentication>;
}
