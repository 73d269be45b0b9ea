import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_HEADER_BYTES, readProxyHeader } from './proxy-protocol.js';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const line = (text: string) => Buffer.from(`${text}\r\n`);

const UNIX_ADDRESSES = Buffer.from('/run/client.sock').toString('hex').padEnd(432, '0');

describe('version 1', () => {
  test.each([
    ['TCP4', 'PROXY TCP4 192.0.2.1 198.51.100.1 56324 443', { address: '192.0.2.1', port: 56_324 }],
    ['TCP6', 'PROXY TCP6 2001:db8::1 2001:db8::2 1 2', { address: '2001:db8::1', port: 1 }],
    ['TCP6 written out', 'PROXY TCP6 2001:0DB8:0:0:0:0:0:1 ::1 0 65535', { address: '2001:db8::1', port: 0 }],
    ['UNKNOWN', 'PROXY UNKNOWN', null],
    ['UNKNOWN with what is to be ignored', 'PROXY UNKNOWN ffff::1 what ever 1 2', null],
    ['the longest line', `PROXY UNKNOWN ${'x'.repeat(91)}`, null],
  ])('%s', (_name, text, source) => {
    expect(readProxyHeader(line(text))).toEqual({ length: text.length + 2, source });
  });

  test.each([
    ['another protocol name', 'PROXY UDP4 192.0.2.1 192.0.2.2 1 2'],
    ['no addresses', 'PROXY TCP4'],
    ['an IPv6 address where IPv4 was said', 'PROXY TCP4 ::1 ::1 1 2'],
    ['an IPv4 address where IPv6 was said', 'PROXY TCP6 192.0.2.1 192.0.2.2 1 2'],
    ['a zone', 'PROXY TCP6 fe80::1%eth0 fe80::2 1 2'],
    ['an address that is none', 'PROXY TCP4 192.0.2.256 192.0.2.2 1 2'],
    ['leading zeros in an address', 'PROXY TCP4 192.0.2.010 192.0.2.2 1 2'],
    ['a port that is none', 'PROXY TCP4 192.0.2.1 192.0.2.2 65536 2'],
    ['a leading zero in a port', 'PROXY TCP4 192.0.2.1 192.0.2.2 01 2'],
    ['a missing port', 'PROXY TCP4 192.0.2.1 192.0.2.2 1'],
    ['a field too many', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3'],
    ['two blanks', 'PROXY TCP4  192.0.2.1 192.0.2.2 1 2'],
    ['small letters', 'proxy TCP4 192.0.2.1 192.0.2.2 1 2'],
    ['a line that is too long', `PROXY UNKNOWN ${'x'.repeat(92)}`],
    ['a bare line feed', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\nx'],
    ['HTTP', 'GET / HTTP/1.1'],
  ])('%s is invalid', (_name, text) => {
    expect(readProxyHeader(line(text))).toBe('invalid');
  });
});

describe('version 2', () => {
  const IPV4 = 'c0000201 c6336401 dc04 01bb';
  const IPV6 = '20010db8000000000000000000000001 20010db8000000000000000000000002 0001 0002';

  test.each([
    ['TCP over IPv4', hex(SIGNATURE, '21 11 000c', IPV4), { address: '192.0.2.1', port: 56_324 }],
    ['TCP over IPv6', hex(SIGNATURE, '21 21 0024', IPV6), { address: '2001:db8::1', port: 1 }],
    ['a Unix socket', hex(SIGNATURE, '21 31 00d8', UNIX_ADDRESSES), { address: null, port: null }],
    ['an unspecified family', hex(SIGNATURE, '21 00 0000'), null],
    ['an unspecified family with extensions', hex(SIGNATURE, '21 00 0004 04 0001 00'), null],
    ['LOCAL', hex(SIGNATURE, '20 00 0000'), null],
    ['LOCAL with an address that is to be ignored', hex(SIGNATURE, '20 11 000c', IPV4), null],
    [
      'extensions behind the addresses',
      hex(SIGNATURE, '21 11 0013', IPV4, '03 0004 fd16eb60'),
      {
        address: '192.0.2.1',
        port: 56_324,
      },
    ],
  ])('%s', (_name, bytes, source) => {
    expect(readProxyHeader(bytes)).toEqual({ length: bytes.length, source });
  });

  test.each([
    ['version 1 in the binary form', hex(SIGNATURE, '11 11 000c', IPV4)],
    ['version 3', hex(SIGNATURE, '31 11 000c', IPV4)],
    ['another command', hex(SIGNATURE, '22 11 000c', IPV4)],
    ['datagrams over IPv4', hex(SIGNATURE, '21 12 000c', IPV4)],
    ['datagrams over IPv6', hex(SIGNATURE, '21 22 0024', IPV6)],
    ['datagrams over a Unix socket', hex(SIGNATURE, '21 32 00d8', UNIX_ADDRESSES)],
    ['another family', hex(SIGNATURE, '21 41 000c', IPV4)],
    ['a family without a transport', hex(SIGNATURE, '21 10 000c', IPV4)],
    ['IPv4 addresses that are cut short', hex(SIGNATURE, '21 11 000b', IPV4.slice(0, -2))],
    ['IPv6 addresses that are cut short', hex(SIGNATURE, '21 21 000c', IPV4)],
    ['Unix addresses that are cut short', hex(SIGNATURE, '21 31 0024', IPV6)],
    ['a header beyond the bound', hex(SIGNATURE, '21 11 0ff1')],
    ['a wrong signature', hex('0d0a0d0a000d0a515549540b', '21 11 000c', IPV4)],
  ])('%s is invalid', (_name, bytes) => {
    expect(readProxyHeader(bytes)).toBe('invalid');
  });
});

const headers = [
  line('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443'),
  line('PROXY UNKNOWN'),
  hex(SIGNATURE, '21 11 000c c0000201 c6336401 dc04 01bb'),
  hex(SIGNATURE, '21 31 00d8', UNIX_ADDRESSES),
];

test.each(headers)('header %# is incomplete until its last byte, and ends there whatever follows', (header) => {
  for (let length = 0; length < header.length; length++)
    expect(readProxyHeader(header.subarray(0, length))).toBe('incomplete');
  const whole = readProxyHeader(header);
  expect(readProxyHeader(Buffer.concat([header, Buffer.from('100c00044d515454')]))).toEqual(whole);
  expect(whole).toMatchObject({ length: header.length });
});

test('no bytes make it throw, wait beyond the bound, or take more than there is', () => {
  const mutated = fc
    .tuple(fc.constantFrom(...headers), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.uint8Array())
    .map(([header, changes, more]) => {
      const bytes = Buffer.concat([header, more]);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
  const anything = fc.uint8Array({ maxLength: 2 * MAX_HEADER_BYTES }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(mutated, anything), (bytes) => {
      const reading = readProxyHeader(bytes);
      if (reading === 'incomplete') expect(bytes.length).toBeLessThan(MAX_HEADER_BYTES);
      else if (reading !== 'invalid') {
        expect(reading.length).toBeLessThanOrEqual(bytes.length);
        expect(readProxyHeader(bytes.subarray(0, reading.length))).toEqual(reading);
      }
    }),
    { numRuns: 5_000 },
  );
});
