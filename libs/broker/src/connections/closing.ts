import type { Refusal } from '../refusal.js';

/** How a WebSocket is closed: a code of RFC 6455 7.4.1, and a reason for people. */
export interface Closing {
  readonly code: number;
  readonly text: string;
}

const NORMAL = 1000;
const GOING_AWAY = 1001;
const INVALID_DATA = 1007;
const POLICY = 1008;
const TOO_LARGE = 1009;
const OWN_FAULT = 1011;
const TRY_AGAIN_LATER = 1013;

const FORBIDDEN: Closing = { code: POLICY, text: 'Forbidden' };
const NOT_UNDERSTOOD: Closing = { code: INVALID_DATA, text: 'That was not understood.' };

/** How protocols that have no codes of their own close a connection for each refusal. */
const closings: Record<Refusal, Closing> = {
  'bad-credentials': FORBIDDEN,
  'wrong-client-id': FORBIDDEN,
  'wrong-address': FORBIDDEN,
  'not-authorized': FORBIDDEN,
  banned: FORBIDDEN,
  'authorization-expired': { code: POLICY, text: 'What this client was let in for is over.' },
  'invalid-topic': NOT_UNDERSTOOD,
  'invalid-filter': NOT_UNDERSTOOD,
  'invalid-client-id': { code: POLICY, text: 'Not an id that can be used.' },
  'invalid-utf8': { code: INVALID_DATA, text: 'Text is UTF-8.' },
  'malformed-packet': NOT_UNDERSTOOD,
  'protocol-error': NOT_UNDERSTOOD,
  'payload-format-invalid': NOT_UNDERSTOOD,
  'unsupported-protocol-version': NOT_UNDERSTOOD,
  'unsupported-authentication-method': FORBIDDEN,
  'topic-alias-invalid': NOT_UNDERSTOOD,
  'packet-too-large': { code: TOO_LARGE, text: 'The message is too large.' },
  'receive-maximum-exceeded': { code: POLICY, text: 'Too much at a time.' },
  'quota-exceeded': { code: POLICY, text: 'A limit of the broker is reached.' },
  'connection-rate-exceeded': { code: TRY_AGAIN_LATER, text: 'Too many connections in a short time.' },
  'server-busy': { code: TRY_AGAIN_LATER, text: 'The broker is busy.' },
  'server-shutting-down': { code: GOING_AWAY, text: 'The broker is shutting down.' },
  'keep-alive-timeout': { code: NORMAL, text: 'ping timeout' },
  'connect-timeout': { code: POLICY, text: 'It was not said in time who this is.' },
  'session-taken-over': { code: POLICY, text: 'Another connection took this id.' },
  'administrative-action': { code: POLICY, text: 'Disconnected by an operator.' },
  unavailable: { code: TRY_AGAIN_LATER, text: 'The broker cannot do this at the moment.' },
  'internal-error': { code: OWN_FAULT, text: 'The broker made a mistake.' },
};

/** How a connection is closed that the refusal ends. */
export function closingOf(refusal: Refusal): Closing {
  return closings[refusal];
}
