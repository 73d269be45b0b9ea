import { expect, test } from 'vitest';
import type { RetainedMessage } from '../../shared/api/generated/types.gen.js';
import { messageFormOf, problemsOf, publicationOf } from './message-form.js';
import { base64OfBytes } from '../../shared/payload/payload.js';

const aMessage = (bytes: Uint8Array): RetainedMessage => ({
  topic: 'door/open',
  size: bytes.length,
  qos: 1,
  publisher: 'dev-1',
  storedAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  payload: base64OfBytes(bytes),
  properties: null,
});

test('a text is edited as text, bytes as base64', () => {
  expect(messageFormOf(aMessage(new TextEncoder().encode('yes ✓')))).toMatchObject({
    payload: 'yes ✓',
    encoding: 'utf8',
  });
  expect(messageFormOf(aMessage(Uint8Array.of(0xff)))).toMatchObject({ payload: '/w==', encoding: 'base64' });
});

test.each(['', 'a/#', '+', 'a\u0000b'])('%j is no topic to publish to', (topic) => {
  expect(problemsOf({ ...messageFormOf(undefined), topic }).topic).not.toBeNull();
});

test.each([
  ['AQ==', true],
  ['', true],
  ['AQ=', false],
  ['A$==', false],
])('base64 %j is valid: %s', (payload, isValid) => {
  const { payload: problem } = problemsOf({ ...messageFormOf(undefined), topic: 'a', encoding: 'base64', payload });
  expect(problem === null).toBe(isValid);
});

test('what a message carries is published again as it was, with what is left of its time', () => {
  const properties = {
    payloadFormatIndicator: true,
    contentType: 'text/plain',
    responseTopic: 'answers',
    correlationData: 'AQ==',
    userProperties: [
      { name: 'a=b', value: 'one\ntwo' },
      { name: 'a=b', value: '' },
    ],
  };
  const message = { ...aMessage(new TextEncoder().encode('x')), properties, expiresAt: '2026-01-01T00:01:00Z' };
  const form = messageFormOf(message, Date.parse('2026-01-01T00:00:00Z'));
  expect(problemsOf(form)).toEqual({ topic: null, payload: null, responseTopic: null, correlationData: null });
  const { topic, qos } = message;
  expect(publicationOf(form)).toEqual({
    ...{ topic, qos, payload: 'x', encoding: 'utf8', retain: true },
    ...{ properties, expirySeconds: 60 },
  });
});
