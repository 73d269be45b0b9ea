import { expect, test } from 'vitest';
import { isFromElsewhere } from './same-origin.js';

test.each([
  ['our own page', { host: 'perch.lan:8080', origin: 'http://perch.lan:8080', 'sec-fetch-site': 'same-origin' }],
  ['our own page behind TLS', { host: 'perch.lan', origin: 'https://perch.lan' }],
  ['a command line', { host: 'perch.lan' }],
  ['an address typed by hand', { host: 'perch.lan', 'sec-fetch-site': 'none' }],
])('%s may change things', (_who, headers) => {
  expect(isFromElsewhere(headers)).toBe(false);
});

test.each([
  ['another site', { host: 'perch.lan', origin: 'https://evil.example' }],
  ['another port of the same host', { host: 'perch.lan:8080', origin: 'http://perch.lan:9000' }],
  ['a sandboxed frame', { host: 'perch.lan', origin: 'null' }],
  ['another site that hides its origin', { host: 'perch.lan', 'sec-fetch-site': 'cross-site' }],
  ['a neighbouring subdomain', { host: 'a.perch.lan', 'sec-fetch-site': 'same-site' }],
])('%s may not', (_who, headers) => {
  expect(isFromElsewhere(headers)).toBe(true);
});
