import { expect, test } from 'vitest';
import type { Refusal } from '../../refusal.js';
import { reasonCodeIn, returnCode, type Answer } from './reason-codes.js';

const refusals = Object.keys(returnCode) as Refusal[];
const failures = (text: string) => new Set(text.split(' ').map((code) => Number.parseInt(code, 16)));

/** The failures that the specification lists for each packet, where a server sends it. */
const ofMessage = failures('80 83 87 90 91 97 99');
const listed = {
  connack: failures('80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f'),
  puback: ofMessage,
  pubrec: ofMessage,
  suback: failures('80 83 87 8f 91 97 9e a1 a2'),
  unsuback: failures('80 83 87 8f 91'),
  disconnect: failures('80 81 82 83 87 89 8b 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 a2'),
};

function refusalsNotIn(allowed: ReadonlySet<number>, answer: Answer): Refusal[] {
  return refusals.filter((refusal) => !allowed.has(reasonCodeIn(answer, refusal)));
}

test.each([
  ['CONNACK [MQTT5-3.2.2-8]', 'connack'],
  ['PUBACK [MQTT5-3.4.2-1]', 'puback'],
  ['PUBREC [MQTT5-3.5.2-1]', 'pubrec'],
  ['SUBACK [MQTT5-3.9.3-2]', 'suback'],
  ['UNSUBACK [MQTT5-3.11.3-2]', 'unsuback'],
  ['DISCONNECT [MQTT5-3.14.2-1]', 'disconnect'],
] as const)('every refusal has a code in %s that the specification lists for it', (_packet, answer) => {
  expect(refusalsNotIn(listed[answer], answer)).toEqual([]);
});

test('a refusal that a packet has a code of its own for is said with that', () => {
  expect(reasonCodeIn('connack', 'bad-credentials')).toBe(0x86);
  expect(reasonCodeIn('connack', 'payload-format-invalid')).toBe(0x99);
  expect(reasonCodeIn('puback', 'not-authorized')).toBe(0x87);
  expect(reasonCodeIn('pubrec', 'payload-format-invalid')).toBe(0x99);
  expect(reasonCodeIn('suback', 'invalid-filter')).toBe(0x8f);
  expect(reasonCodeIn('suback', 'quota-exceeded')).toBe(0x97);
  expect(reasonCodeIn('disconnect', 'session-taken-over')).toBe(0x8e);
  expect(reasonCodeIn('disconnect', 'administrative-action')).toBe(0x98);
});

test('MQTT 3 has five return codes, and closes where none of them fits [MQTT-3.1.4-1]', () => {
  for (const refusal of refusals) expect([null, 1, 2, 3, 4, 5]).toContain(returnCode[refusal]);
});
