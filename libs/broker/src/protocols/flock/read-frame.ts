import type { Shown } from '../../connections/client-connection.js';

/** Whatever the client calls its request; it comes back with the answer. */
export type RequestId = string | number | null;

/** What a client may ask for. */
export type FlockRequest =
  | { readonly type: 'Subscribe' | 'Unsubscribe'; readonly topic: string; readonly requestId: RequestId }
  | { readonly type: 'Authenticate'; readonly shown: Shown; readonly requestId: RequestId }
  | { readonly type: 'Ping' };

type Fields = Readonly<Record<string, unknown>>;

/** Reads one message of a client; a sentence where it cannot be read. Fields that are not known are left alone. */
export function readFrame(text: string): FlockRequest | string {
  const fields = parse(text);
  if (!isFields(fields)) return 'Not a JSON object.';
  const { type, topic, request_id: requestId = null } = fields;
  if (type === 'Ping') return { type };
  if (type !== 'Subscribe' && type !== 'Unsubscribe' && type !== 'Authenticate') {
    return 'The type is none of Subscribe, Unsubscribe, Authenticate, Ping.';
  }
  if (!isRequestId(requestId)) return 'The request_id is neither a string nor a number.';
  if (type === 'Authenticate') return authentication(fields, requestId);
  return typeof topic === 'string' ? { type, topic, requestId } : 'The topic is not a string.';
}

function authentication({ token, username, password }: Fields, requestId: RequestId): FlockRequest | string {
  if (typeof token === 'string') {
    return { type: 'Authenticate', shown: { username: null, password: Buffer.from(token) }, requestId };
  }
  if (typeof username !== 'string' || typeof password !== 'string')
    return 'It takes a token, or username and password.';
  return { type: 'Authenticate', shown: { username, password: Buffer.from(password) }, requestId };
}

function isRequestId(value: unknown): value is RequestId {
  return value === null || typeof value === 'string' || typeof value === 'number';
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
