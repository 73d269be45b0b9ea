import type { ClientFrame } from '@perch/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonClient, jsonClient, newBroker } from '../../testing/index.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'a/b', '#', '+/+', '$SYS/#', '$share/g/a', '', '\0', '\ud800'),
);
const anything = fc.oneof(fc.jsonValue(), text, fc.constantFrom(null, -1, 0, 1, 2, 1e308, true));
const filters = fc.array(
  fc.oneof(text, fc.record({ filter: text, retainHandling: anything }, { requiredKeys: [] }), anything),
  { maxLength: 5 },
);

/** Objects that look like frames, with fields that are right about half of the time. */
const nearFrame = fc.record(
  {
    type: fc.constantFrom(
      ...(['bind', 'subscribe', 'unsubscribe', 'publish', 'messages', 'ping', '__proto__', 'welcome'] as const),
    ),
    id: fc.oneof(fc.nat(), anything),
    clientId: fc.oneof(text, anything),
    auth: fc.oneof(
      fc.record(
        { type: fc.constantFrom('none', 'basic', 'bearer'), username: text, password: text, token: text },
        { requiredKeys: ['type'] },
      ),
      anything,
    ),
    resume: fc.oneof(fc.constant(true), fc.record({ session: text, offset: fc.oneof(fc.nat(9), anything) }), anything),
    offset: fc.oneof(fc.nat(9), anything),
    messages: fc.oneof(
      fc.array(fc.oneof(fc.record({ topic: text, payload: text }), anything), { maxLength: 5 }),
      anything,
    ),
    filters: fc.oneof(filters, anything),
    topic: fc.oneof(text, anything),
    payload: fc.oneof(text, fc.base64String(), anything),
    encoding: fc.constantFrom('utf8', 'base64', undefined, 'hex'),
    qos: fc.constantFrom(0, 1, 2, undefined),
    retain: fc.constantFrom(true, false, undefined, 0),
  },
  { requiredKeys: ['type'] },
);

/** Frames that are right, so that conversations get somewhere. */
const rightFrame = fc.constantFrom<ClientFrame>(
  { type: 'subscribe', id: 1, filters: ['a', 'a/#', '+/+'] },
  { type: 'unsubscribe', id: 2, filters: ['a'] },
  { type: 'publish', id: 3, topic: 'a', payload: 'x', qos: 1, retain: true },
  { type: 'publish', topic: 'a/b', payload: 'AP8=', encoding: 'base64' },
  {
    type: 'messages',
    id: 4,
    messages: [
      { topic: 'a', payload: '1' },
      { topic: 'a/+', payload: '2' },
    ],
  },
  { type: 'bind', id: 5, auth: { type: 'basic', username: 'joy', password: '' } },
  { type: 'bind', id: 6, auth: { type: 'none' }, resume: true },
  { type: 'ping', offset: 1 },
);

const frame = fc.oneof(
  { weight: 4, arbitrary: rightFrame.map((value) => JSON.stringify(value)) },
  { weight: 5, arbitrary: nearFrame.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

test('whatever frames come, nothing throws, every answer is JSON, and other clients notice nothing', () => {
  const it = newBroker();
  const bystander = jsonClient(it, { clientId: 'bystander' }).subscribe('bystander/only');
  let conversations = 0;
  let inputs = 0;
  const answered = new Set<string>();
  fc.assert(
    fc.property(fc.boolean(), fc.array(frame, { minLength: 4, maxLength: 12, size: 'max' }), (isBound, texts) => {
      const fuzzer = isBound ? jsonClient(it, { clientId: 'fuzzer', resume: true }) : new JsonClient(it);
      for (const sent of texts) fuzzer.sendText(sent);
      inputs += texts.length;
      for (const answer of fuzzer.frames) answered.add(answer.type);
      fuzzer.leave();
      bystander.publish('bystander/only', `${++conversations}`);
      expect(bystander.deliveries.at(-1)).toEqual({ topic: 'bystander/only', payload: `${conversations}` });
      bystander.texts.length = 0;
    }),
    { seed: 20261121, numRuns: 2600 },
  );
  expect(inputs).toBeGreaterThan(20_000);
  expect([...answered].sort()).toEqual(['messages', 'pong', 'result', 'welcome']);
  expect([it.faults, it.broker.sessions.size, it.broker.away.windows]).toEqual([[], 1, 0]);
});

test('whatever bytes come, they are answered or the link is closed', () => {
  const it = newBroker();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const client = jsonClient(it).sendText(Buffer.from(bytes).toString('latin1'));
      expect(client.isClosed || client.frames.length > 2).toBe(true);
      client.leave();
    }),
    { seed: 20261121, numRuns: 300 },
  );
  expect(it.faults).toEqual([]);
});
