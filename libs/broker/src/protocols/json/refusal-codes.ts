import { closeCodes, type CloseName, type RefusalCode, type WireError } from '@perch/wire';
import type { Closing } from '../../connections/closing.js';
import type { Refusal } from '../../refusal.js';

interface Wording {
  readonly code: RefusalCode;
  /** How the connection ends when this ends it. */
  readonly close: CloseName;
  readonly text: string;
}

const wrongCredentials = say('bad-credentials', 'badCredentials', 'The credentials are wrong or no longer valid.');

/** How perch.json says each refusal. */
const wording: Record<Refusal, Wording> = {
  'bad-credentials': wrongCredentials,
  // Who has found a password out is not to learn that it is the right one.
  'wrong-client-id': wrongCredentials,
  'wrong-address': wrongCredentials,
  'not-authorized': say('not-authorized', 'badCredentials', 'The access policy does not allow it.'),
  banned: say('not-authorized', 'kicked', 'This client is banned.'),
  'authorization-expired': say('not-authorized', 'badCredentials', 'What this client was let in for is over.'),
  'invalid-topic': say('invalid-topic', 'invalidFrame', 'Not a topic that can be published to.'),
  'invalid-filter': say('invalid-filter', 'invalidFrame', 'Not a valid topic filter.'),
  'invalid-client-id': say('invalid-client-id', 'invalidFrame', 'Not a client id that can be used.'),
  'invalid-utf8': say('invalid-frame', 'invalidFrame', 'Not valid UTF-8.'),
  'malformed-packet': say('invalid-frame', 'invalidFrame', 'Not a frame of perch.json.'),
  'protocol-error': say('invalid-frame', 'invalidFrame', 'Not allowed at this point.'),
  'payload-format-invalid': say('invalid-frame', 'invalidFrame', 'The payload is not what it is said to be.'),
  'unsupported-protocol-version': say('invalid-frame', 'invalidFrame', 'Not a supported version.'),
  'unsupported-authentication-method': say('bad-credentials', 'badCredentials', 'Not a supported kind of credentials.'),
  'topic-alias-invalid': say('invalid-topic', 'invalidFrame', 'Not a valid topic alias.'),
  'packet-too-large': say('too-large', 'tooLarge', 'The frame is larger than the broker takes.'),
  'receive-maximum-exceeded': say('quota-exceeded', 'quotaExceeded', 'Too many publishes wait for their result.'),
  'quota-exceeded': say('quota-exceeded', 'quotaExceeded', 'A limit of the broker is reached.'),
  'connection-rate-exceeded': say('quota-exceeded', 'quotaExceeded', 'Too many attempts to connect.'),
  'server-busy': say('unavailable', 'quotaExceeded', 'The broker is busy.'),
  'server-shutting-down': say('unavailable', 'goingAway', 'The broker is shutting down.'),
  'keep-alive-timeout': say('unavailable', 'timeout', 'Nothing was received for too long.'),
  'connect-timeout': say('not-bound', 'timeout', 'There was no bind in time.'),
  'session-taken-over': say('not-bound', 'takenOver', 'Another connection took this client id.'),
  'administrative-action': say('not-authorized', 'kicked', 'Disconnected by an operator.'),
  unavailable: say('unavailable', 'internalError', 'The broker cannot do this at the moment.'),
  'internal-error': say('internal-error', 'internalError', 'The broker made a mistake.'),
};

/** The error that a result carries; `reason` is what is to be said beyond its kind. */
export function wireError(refusal: Refusal, reason: string | null = null): WireError {
  const { code, text } = wording[refusal];
  return { code, message: reason ?? text };
}

/** How a WebSocket is closed that is ended by the refusal. */
export function closing(refusal: Refusal): Closing {
  const { close, text } = wording[refusal];
  return { code: closeCodes[close].code, text };
}

function say(code: RefusalCode, close: CloseName, text: string): Wording {
  return { code, close, text };
}
