import { expect, test } from 'vitest';
import { bestFormat, encodePayload, type PayloadFormat, showPayload } from './payload-format.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

test.each<[PayloadFormat, string, Uint8Array]>([
  ['text', 'ä', bytes(0xc3, 0xa4)],
  ['json', '[1]', bytes(0x5b, 0x31, 0x5d)],
  ['hex', '00 ff:0xA1', bytes(0x00, 0xff, 0xa1)],
  ['base64', 'AP+ h', bytes(0x00, 0xff, 0xa1)],
])('%s is read as its bytes', (format, text, expected) => {
  const encoded = encodePayload(text, format);
  // The encoder of the test's environment has another Uint8Array.
  expect('bytes' in encoded && [...encoded.bytes]).toEqual([...expected]);
});

test.each<[PayloadFormat, string]>([
  ['json', '{'],
  ['hex', 'abc'],
  ['hex', 'zz'],
  ['base64', '%%'],
])('what is not %s is said: %s', (format, text) => {
  expect(encodePayload(text, format)).toHaveProperty('problem');
});

test('bytes are shown in every format, and in the one that tells most', () => {
  const json = new TextEncoder().encode('{"a":1}');
  expect(showPayload(json, 'json')).toBe('{\n  "a": 1\n}');
  expect(showPayload(bytes(0, 255), 'hex')).toBe('00 ff');
  expect(showPayload(bytes(0, 255), 'base64')).toBe('AP8=');
  expect([json, new TextEncoder().encode('on'), bytes(0xff)].map(bestFormat)).toEqual(['json', 'text', 'hex']);
});
