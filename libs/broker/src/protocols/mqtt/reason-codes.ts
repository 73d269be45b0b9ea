import type { Refusal } from '../../refusal.js';

/** The packets that tell a client that it was refused. */
export type Answer = 'connack' | 'puback' | 'pubrec' | 'suback' | 'unsuback' | 'disconnect';

/** PUBACK and PUBREC say the same. */
type Codes = readonly [connack: number, puback: number, suback: number, unsuback: number, disconnect: number];

/** How MQTT 5 says each refusal: in each packet with a code that the specification lists for that very packet [MQTT5 2.4]. */
const codes: Record<Refusal, Codes> = {
  'bad-credentials': [0x86, 0x87, 0x87, 0x87, 0x87],
  'not-authorized': [0x87, 0x87, 0x87, 0x87, 0x87],
  banned: [0x8a, 0x87, 0x87, 0x87, 0x98],
  // [MQTT5 3.14.2.1] Maximum connect time
  'authorization-expired': [0x87, 0x87, 0x87, 0x87, 0xa0],
  // As wrong credentials: who has found a password out is not to learn that it is the right one.
  'wrong-client-id': [0x86, 0x87, 0x87, 0x87, 0x87],
  'wrong-address': [0x86, 0x87, 0x87, 0x87, 0x87],
  'invalid-topic': [0x90, 0x90, 0x8f, 0x8f, 0x90],
  'invalid-filter': [0x82, 0x90, 0x8f, 0x8f, 0x8f],
  'invalid-client-id': [0x85, 0x83, 0x83, 0x83, 0x82],
  'invalid-utf8': [0x81, 0x83, 0x83, 0x83, 0x81],
  'malformed-packet': [0x81, 0x83, 0x83, 0x83, 0x81],
  'protocol-error': [0x82, 0x83, 0x83, 0x83, 0x82],
  'payload-format-invalid': [0x99, 0x99, 0x83, 0x83, 0x99],
  'unsupported-protocol-version': [0x84, 0x83, 0x83, 0x83, 0x82],
  'unsupported-authentication-method': [0x8c, 0x87, 0x87, 0x87, 0x82],
  'topic-alias-invalid': [0x82, 0x83, 0x83, 0x83, 0x94],
  'packet-too-large': [0x95, 0x97, 0x97, 0x83, 0x95],
  'receive-maximum-exceeded': [0x82, 0x97, 0x97, 0x83, 0x93],
  'quota-exceeded': [0x97, 0x97, 0x97, 0x83, 0x97],
  'connection-rate-exceeded': [0x9f, 0x97, 0x97, 0x83, 0x9f],
  'server-busy': [0x89, 0x97, 0x97, 0x83, 0x89],
  'server-shutting-down': [0x88, 0x83, 0x83, 0x83, 0x8b],
  'keep-alive-timeout': [0x88, 0x83, 0x83, 0x83, 0x8d],
  'connect-timeout': [0x88, 0x83, 0x83, 0x83, 0x8d],
  'session-taken-over': [0x88, 0x83, 0x83, 0x83, 0x8e],
  'administrative-action': [0x8a, 0x83, 0x83, 0x83, 0x98],
  // What must be durable cannot be kept, and as much as may waits for it already.
  unavailable: [0x88, 0x97, 0x97, 0x83, 0x89],
  'internal-error': [0x83, 0x83, 0x83, 0x83, 0x83],
};

const COLUMN: Record<Answer, number> = { connack: 0, puback: 1, pubrec: 1, suback: 2, unsuback: 3, disconnect: 4 };

/** The reason code of the refusal in that packet. */
export function reasonCodeIn(answer: Answer, refusal: Refusal): number {
  return codes[refusal][COLUMN[answer]] as number;
}

/** Connect return codes of MQTT 3.1 and 3.1.1 [MQTT 3.2.2.3]; null: close without an answer. */
export const returnCode: Record<Refusal, number | null> = {
  'bad-credentials': 4,
  'not-authorized': 5,
  banned: 5,
  'authorization-expired': 5,
  'wrong-client-id': 4,
  'wrong-address': 4,
  'invalid-topic': null,
  'invalid-filter': null,
  'invalid-client-id': 2,
  'invalid-utf8': null,
  'malformed-packet': null,
  'protocol-error': null,
  'payload-format-invalid': null,
  'unsupported-protocol-version': 1,
  'unsupported-authentication-method': 5,
  'topic-alias-invalid': null,
  'packet-too-large': null,
  'receive-maximum-exceeded': null,
  'quota-exceeded': 3,
  'connection-rate-exceeded': 3,
  'server-busy': 3,
  'server-shutting-down': 3,
  'keep-alive-timeout': null,
  'connect-timeout': null,
  'session-taken-over': null,
  'administrative-action': 5,
  unavailable: 3,
  'internal-error': 3,
};

/** Outcomes that are no refusals [MQTT5 3.4.2.1, 3.7.2.1, 3.10.3]. */
export const SUCCESS = 0x00;
export const NO_SUBSCRIPTION_EXISTED = 0x11;
export const PACKET_ID_NOT_FOUND = 0x92;
/** What an AUTH may say [MQTT5 3.15.2.1]. */
export const CONTINUE_AUTHENTICATION = 0x18;
export const RE_AUTHENTICATE = 0x19;
/** Another server serves the client better, for now [MQTT5 4.11]. */
export const USE_ANOTHER_SERVER = 0x9c;
/** The same, for good. */
export const SERVER_MOVED = 0x9d;
/** The one failure of an MQTT 3.1.1 SUBACK [MQTT-3.9.3-2]. */
export const SUBACK_FAILURE = 0x80;
/** From here on a reason code is a failure [MQTT5 2.4]. */
export const FIRST_FAILURE = 0x80;

/** The code of a refusal in a CONNACK. */
export function connackCode(refusal: Refusal): number {
  return reasonCodeIn('connack', refusal);
}
