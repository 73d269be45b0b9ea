import { expect, test } from 'vitest';
import { imageTypeOf } from './image-type.js';
import { base64OfBytes, bestView, bytesOfBase64, hexRow, hexRowCount, jsonOf, lossyTextOf, utf8Of } from './payload.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const utf8 = (text: string) => new TextEncoder().encode(text);

test('bytes survive base64 both ways, also a hundred thousand of them', () => {
  const many = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  const back = bytesOfBase64(base64OfBytes(many));
  expect(back.every((byte, index) => byte === many[index])).toBe(true);
  expect(back.length).toBe(many.length);
  expect(base64OfBytes(bytes())).toBe('');
});

test.each([
  ['plain text', utf8('21.5 °C'), 'text'],
  ['a JSON object', utf8('{"t":1}'), 'json'],
  ['a JSON array', utf8('[1]'), 'json'],
  ['a bare number', utf8('21.5'), 'text'],
  ['nothing', bytes(), 'text'],
  ['malformed UTF-8', bytes(0xc3, 0x28), 'hex'],
])('%s is best seen as %s', (_name, payload, view) => {
  expect(bestView(payload)).toBe(view);
});

test('malformed UTF-8 is no text, and shown with marks', () => {
  expect(utf8Of(bytes(0x41, 0xff))).toBeNull();
  expect(lossyTextOf(bytes(0x41, 0xff))).toBe('A\ufffd');
});

test('what is not JSON is undefined, and null is JSON', () => {
  expect(jsonOf('{')).toBeUndefined();
  expect(jsonOf('')).toBeUndefined();
  expect(jsonOf('null')).toBeNull();
});

test('a hex line has its offset, two groups of eight and the readable characters', () => {
  const payload = Uint8Array.from({ length: 18 }, (_, index) => 0x40 + index);
  expect(hexRowCount(payload.length)).toBe(2);
  expect(hexRow(payload, 0)).toEqual({
    offset: '00000000',
    hex: '40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f',
    ascii: '@ABCDEFGHIJKLMNO',
  });
  expect(hexRow(payload, 1)).toMatchObject({ offset: '00000010', ascii: 'PQ' });
  expect(hexRow(bytes(0x0a), 0).ascii).toBe('.');
});

test('of a text that was cut within a character the rest is read', () => {
  expect([utf8Of(bytes(0x41, 0xc3)), utf8Of(bytes(0x41, 0xc3), true)]).toEqual([null, 'A']);
  expect(utf8Of(bytes(0x41, 0xff, 0x41), true)).toBeNull();
});

test.each([
  ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0], 'image/png'],
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
  ['WebP', [...utf8('RIFF....WEBPVP8 ')], 'image/webp'],
  ['SVG', [...utf8('<svg onload=alert(1)>')], null],
  ['nothing', [], null],
])('the first bytes tell what picture it is: %s', (_name, values, type) => {
  expect(imageTypeOf(bytes(...values))).toBe(type);
});
