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
    type: fc.constantFrom('bind', 'subscribe', 'unsubscribe', 'publish', 'ping', '__proto__', 'welcome'),
    id: fc.oneof(fc.nat(), anything),
    clientId: fc.oneof(text, anything),
    auth: fc.oneof(fc.record({ type: fc.constantFrom('basic', 'bearer'), username: text, password: text }), anything),
    filters: fc.oneof(filters, anything),
    topic: fc.oneof(text, anything),
    payload: fc.oneof(text, fc.base64String(), anything),
    encoding: fc.constantFrom('utf8', 'base64', undefined, 'hex'),
    qos: fc.constantFrom(0, 1, 2, undefined),
    retain: fc.constantFrom(true, false, undefined, 0),
  },
  { requiredKeys: ['type'] },
);

const frame = fc.oneof(
  { weight: 8, arbitrary: nearFrame.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

test('whatever frames come, nothing throws, every answer is JSON, and other clients notice nothing', () => {
  const it = newBroker();
  const bystander = jsonClient(it, { clientId: 'bystander' }).subscribe('bystander/only');
  let conversations = 0;
  fc.assert(
    fc.property(fc.boolean(), fc.array(frame, { maxLength: 12 }), (isBound, texts) => {
      const fuzzer = isBound ? jsonClient(it, { clientId: 'fuzzer' }) : new JsonClient(it);
      for (const sent of texts) fuzzer.sendText(sent);
      for (const answer of fuzzer.frames) expect(['welcome', 'result', 'messages', 'pong']).toContain(answer.type);
      fuzzer.leave();
      bystander.publish('bystander/only', `${++conversations}`);
      expect(bystander.deliveries.at(-1)).toEqual({ topic: 'bystander/only', payload: `${conversations}` });
      bystander.texts.length = 0;
    }),
    { seed: 20261121, numRuns: 400 },
  );
  expect([it.faults, it.broker.sessions.size]).toEqual([[], 1]);
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
