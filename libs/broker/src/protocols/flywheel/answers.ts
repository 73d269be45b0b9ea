import { textFrame } from '../../links/web-socket-frames.js';
import type { Refusal } from '../../refusal.js';

/** What went wrong. The order of the fields is that of the wire. */
export type FlywheelError =
  | { readonly type: 'General'; readonly description: string }
  | { readonly type: 'TopicAccess'; readonly description: string; readonly topic: string };

/** How FLYWHEEL says each refusal, where it has no more to say about the topic. */
const descriptions: Record<Refusal, string> = {
  'bad-credentials': 'Forbidden',
  'wrong-client-id': 'Forbidden',
  'wrong-address': 'Forbidden',
  'not-authorized': 'Forbidden',
  banned: 'Forbidden',
  'authorization-expired': 'Forbidden',
  'invalid-topic': 'Not a topic that can be published to',
  'invalid-filter': 'Not a valid topic filter',
  'invalid-client-id': 'Not a session ID that can be used',
  'invalid-utf8': 'Not valid UTF-8',
  'malformed-packet': 'Not a frame of this protocol',
  'protocol-error': 'Not a frame of this protocol',
  'payload-format-invalid': 'The payload is not what it is said to be',
  'unsupported-protocol-version': 'Not a frame of this protocol',
  'unsupported-authentication-method': 'Not a supported kind of credentials',
  'topic-alias-invalid': 'Not a topic that can be published to',
  'packet-too-large': 'The frame is larger than the broker takes',
  'receive-maximum-exceeded': 'Too much at a time',
  'quota-exceeded': 'A limit of the broker is reached',
  'connection-rate-exceeded': 'Too many attempts',
  'server-busy': 'The broker is busy',
  'server-shutting-down': 'The broker is shutting down',
  'keep-alive-timeout': 'Nothing was received for too long',
  'connect-timeout': 'There was no bind in time',
  'session-taken-over': 'Another connection took this session ID',
  'administrative-action': 'Disconnected by an operator',
  unavailable: 'Internal error',
  'internal-error': 'Internal error',
};

/** Something that has no topic, or none that access was refused to. */
export function general(description: string): FlywheelError {
  return { type: 'General', description };
}

/** The refusal of a whole request. */
export function refusedAs(refusal: Refusal): FlywheelError {
  return general(descriptions[refusal]);
}

/** What was refused about a topic, or a filter; `reason` is what is to be said of the rule behind it. */
export function topicRefused(
  topic: string,
  { refusal, reason, sessionId }: { refusal: Refusal; reason: string | null; sessionId: string | null },
): FlywheelError {
  if (refusal === 'invalid-filter') return general(`${descriptions[refusal]}: ${topic}`);
  const description = refusal === 'not-authorized' ? (reason ?? forbidden(topic, sessionId)) : descriptions[refusal];
  return { type: 'TopicAccess', description, topic };
}

/** The answer to a bind: no errors, and all of it was done. */
export function bindResponse(messageId: string, errors: readonly FlywheelError[]): Buffer {
  return textFrame(`B ${JSON.stringify({ type: 'BindResponse', errors, messageId })}`);
}

/** What is told of publishes that were refused, and of subscriptions that were taken away. */
export function errorMessage(sessionId: string | null, errors: readonly FlywheelError[]): Buffer {
  return textFrame(`R $remote/${sessionId ?? 'anon'}/rx/errors ${JSON.stringify({ errors })}`);
}

function forbidden(topic: string, sessionId: string | null): string {
  if (!topic.startsWith('$remote/')) return 'Forbidden';
  if (sessionId === null) return 'No session ID';
  return topic.startsWith(`$remote/${sessionId}/`) ? 'Forbidden' : `Restricted to $remote/${sessionId}/#`;
}
