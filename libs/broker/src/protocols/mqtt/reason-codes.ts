import type { Refusal } from '../../refusal.js';

/** MQTT 5 reason codes [MQTT5 2.4]. */
export const reasonCode: Record<Refusal, number> = {
  'bad-credentials': 0x86,
  'not-authorized': 0x87,
  banned: 0x8a,
  'invalid-topic': 0x90,
  'invalid-filter': 0x8f,
  'invalid-client-id': 0x85,
  'invalid-utf8': 0x81,
  'malformed-packet': 0x81,
  'protocol-error': 0x82,
  'unsupported-protocol-version': 0x84,
  'unsupported-authentication-method': 0x8c,
  'topic-alias-invalid': 0x94,
  'packet-too-large': 0x95,
  'receive-maximum-exceeded': 0x93,
  'quota-exceeded': 0x97,
  'connection-rate-exceeded': 0x9f,
  'server-busy': 0x89,
  'server-shutting-down': 0x8b,
  'keep-alive-timeout': 0x8d,
  'connect-timeout': 0x8d,
  'session-taken-over': 0x8e,
  'administrative-action': 0x98,
  unavailable: 0x88,
  'internal-error': 0x83,
};

/** What a CONNACK says instead, where the specification keeps the code for a DISCONNECT [MQTT5 3.2.2.2]. */
const inConnack: Partial<Record<Refusal, number>> = {
  'keep-alive-timeout': 0x88,
  'connect-timeout': 0x88,
  'server-shutting-down': 0x88,
  'session-taken-over': 0x88,
  'administrative-action': 0x8a,
  'invalid-filter': 0x82,
  'topic-alias-invalid': 0x82,
  'receive-maximum-exceeded': 0x82,
};

/** What a DISCONNECT says instead, where the specification keeps the code for a CONNACK [MQTT5 3.14.2.1]. */
const inDisconnect: Partial<Record<Refusal, number>> = {
  'bad-credentials': 0x87,
  banned: 0x98,
  'invalid-client-id': 0x82,
  'unsupported-protocol-version': 0x82,
  'unsupported-authentication-method': 0x82,
  unavailable: 0x83,
};

/** The code of a refusal in a CONNACK. */
export function connackCode(refusal: Refusal): number {
  return inConnack[refusal] ?? reasonCode[refusal];
}

/** The code of a refusal in a DISCONNECT. */
export function disconnectCode(refusal: Refusal): number {
  return inDisconnect[refusal] ?? reasonCode[refusal];
}

/** Connect return codes of MQTT 3.1 and 3.1.1 [MQTT 3.2.2.3]; null: close without an answer. */
export const returnCode: Record<Refusal, number | null> = {
  'bad-credentials': 4,
  'not-authorized': 5,
  banned: 5,
  'invalid-topic': null,
  'invalid-filter': null,
  'invalid-client-id': 2,
  'invalid-utf8': null,
  'malformed-packet': null,
  'protocol-error': null,
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
/** The one failure of an MQTT 3.1.1 SUBACK [MQTT-3.9.3-2]. */
export const SUBACK_FAILURE = 0x80;
/** From here on a reason code is a failure [MQTT5 2.4]. */
export const FIRST_FAILURE = 0x80;
