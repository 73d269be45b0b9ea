import type { Shown } from '../../connections/client-connection.js';

/** What a bind asks for; what it leaves out is null, or none. */
export interface BindRequest {
  /** Comes back with the answer. */
  readonly messageId: string;
  readonly sessionId: string | null;
  readonly auth: Shown | null;
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
}

/** A bind, or what is wrong with it. */
export type BindReading =
  | { readonly request: BindRequest; readonly fault: null }
  | { readonly messageId: string; readonly request: null; readonly fault: string };

/** Where a bind has no message id. */
export const NO_MESSAGE_ID = '00000000-0000-0000-0000-000000000000';

type Fields = Readonly<Record<string, unknown>>;

/** Reads what stands behind `B `. Null counts as left out, and what is not known is left alone. */
export function readBind(text: string): BindReading {
  const fields = parse(text);
  if (!isFields(fields)) return { messageId: NO_MESSAGE_ID, request: null, fault: 'A bind holds a JSON object' };
  const messageId = typeof fields['messageId'] === 'string' ? fields['messageId'] : NO_MESSAGE_ID;
  const fault = faultIn(fields);
  if (fault !== null) return { messageId, request: null, fault };
  const { sessionId, auth, subscribe, unsubscribe } = fields;
  const request = {
    messageId,
    sessionId: (sessionId as string | null | undefined) ?? null,
    auth: isFields(auth) ? shownIn(auth) : null,
    subscribe: (subscribe as readonly string[] | null | undefined) ?? [],
    unsubscribe: (unsubscribe as readonly string[] | null | undefined) ?? [],
  };
  return { request, fault: null };
}

function faultIn({ messageId, sessionId, auth, subscribe, unsubscribe }: Fields): string | null {
  if (!isTextOrNone(messageId)) return 'messageId is not a string';
  if (!isTextOrNone(sessionId)) return 'sessionId is not a string';
  if (!isTextsOrNone(subscribe)) return 'subscribe is not a list of strings';
  if (!isTextsOrNone(unsubscribe)) return 'unsubscribe is not a list of strings';
  return auth === undefined || auth === null ? null : faultInAuth(auth);
}

function faultInAuth(auth: unknown): string | null {
  if (!isFields(auth)) return 'auth is not an object';
  const { type, username, password, token } = auth;
  if (type === 'Bearer') return typeof token === 'string' ? null : 'auth.token is not a string';
  if (type !== 'Basic') return 'auth.type is neither Basic nor Bearer';
  if (typeof username !== 'string') return 'auth.username is not a string';
  return typeof password === 'string' ? null : 'auth.password is not a string';
}

function shownIn({ type, username, password, token }: Fields): Shown {
  if (type === 'Bearer') return { username: null, password: Buffer.from(token as string) };
  return { username: username as string, password: Buffer.from(password as string) };
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isTextsOrNone(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
