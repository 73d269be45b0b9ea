import type { Refusal } from '../../refusal.js';
import { NO_SUBSCRIPTION_EXISTED, PACKET_ID_NOT_FOUND } from './reason-codes.js';

const WRONG_CREDENTIALS =
  'The user name or the password is wrong. Check both, or ask the operator to set a new password.';

/**
 * What is wrong and what can be done, for the person who reads the log of a device [MQTT5 3.2.2.3.9]. Nothing in it
 * depends on rules, users or other clients.
 */
export const reasonTexts: Record<Refusal, string> = {
  'bad-credentials': WRONG_CREDENTIALS,
  'wrong-client-id': WRONG_CREDENTIALS,
  'wrong-address': WRONG_CREDENTIALS,
  'not-authorized': 'The access policy does not allow it. Ask the operator for the right to it.',
  banned: 'This client may not connect for now. Ask the operator, or try again later.',
  'authorization-expired': 'What this client was let in for is over. Connect again with valid credentials.',
  'invalid-topic': 'A topic is not empty, has no wildcards, and is no deeper than the server allows.',
  'invalid-filter': 'Not a topic filter: # stands alone in the last level, + alone in its level, $share has a name.',
  'invalid-client-id': 'The client id cannot be used: it is too long or begins with $.',
  'invalid-utf8': 'A string is not valid UTF-8, or has the character U+0000.',
  'malformed-packet': 'The packet is not built as the MQTT specification says.',
  'protocol-error': 'The packet breaks a rule of the MQTT specification.',
  'payload-format-invalid': 'The payload is not UTF-8, although its payload format indicator says so.',
  'unsupported-protocol-version': 'The server speaks MQTT 3.1, 3.1.1 and 5.0.',
  'unsupported-authentication-method':
    'The server does not know this authentication method. Use another one, or a password.',
  'topic-alias-invalid': 'A topic alias is at least 1 and at most the topic alias maximum in CONNACK.',
  'packet-too-large': 'The packet is larger than the maximum packet size, of CONNACK or of CONNECT.',
  'receive-maximum-exceeded':
    'More QoS 1 and 2 messages wait for their acknowledgement than the receive maximum in CONNACK.',
  'quota-exceeded': 'A limit of the server is reached. Send less, read faster, or ask the operator for more.',
  'connection-rate-exceeded': 'Too many connections in too short a time. Wait before you connect again.',
  'server-busy': 'The server is full. Try again later.',
  'server-shutting-down': 'The server is going down. Connect again in a while.',
  'keep-alive-timeout': 'Nothing was received for one and a half times the keep-alive.',
  'connect-timeout': 'Connecting took too long.',
  'session-taken-over': 'Another connection uses this client id. Give each client an id of its own.',
  'administrative-action': 'An operator has ended the connection.',
  unavailable: 'What has to be kept safe cannot be stored at the moment. Try again later.',
  'internal-error': 'The server has made a mistake.',
};

/** What is said to outcomes that are no refusals. */
export const outcomeTexts: Readonly<Record<number, string>> = {
  [NO_SUBSCRIPTION_EXISTED]: 'There was no subscription to this very filter.',
  [PACKET_ID_NOT_FOUND]: 'Nothing with this packet id waits here.',
};
