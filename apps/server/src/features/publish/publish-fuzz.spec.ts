import { admitted, Caller, publishAllFor, publishFor } from '@perch/broker';
import { Chance, mqttClient, newBroker } from '@perch/broker/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operatorGrants } from '../../policy/operator-grants.js';
import { brokerMessage, messageFrom } from './publish-messages.js';
import { Publication, PublicationBatch, PublishQuery } from './publish.schemas.js';
import { rawPublication } from './raw-publication.js';

const INPUTS = 10_000;

/** Lists without a common divisor: each combination comes once in a long time. */
const some = <Value>(arbitrary: fc.Arbitrary<Value>, count: number) =>
  fc.sample(arbitrary, { numRuns: count, seed: 1 });

const special = fc.constantFrom('a', 'a/b', '#', '+/+', '$SYS/a', '', '\0', '\ud800', '0', '1', 'true', '-1', '1e9');
const chance = new Chance(1);
// fast-check takes a second to begin with texts of any characters.
const anyTexts = Array.from({ length: 400 }, () => chance.text(20));
const text = fc.oneof(fc.constantFrom(...anyTexts), special);
const odd = fc.constantFrom<unknown>(null, 0, -1, 1e308, true, [], {}, ['a'], { toString: 1 });
const topics = some(fc.oneof(fc.constantFrom('a', 'a/b', 'ü/€'), text, fc.constantFrom('t', 'x/y'), odd), 97);
const payloads = some(fc.oneof(text, fc.base64String({ maxLength: 24 }), odd), 89);
const values = some(fc.oneof(text, fc.array(text, { maxLength: 3 })), 101);
const bodies = some(fc.uint8Array({ maxLength: 30 }), 83);
const properties = some(
  fc.oneof(
    fc.constant(undefined),
    fc.record(
      {
        contentType: text,
        responseTopic: text,
        correlationData: fc.base64String({ maxLength: 8 }),
        payloadFormatIndicator: fc.boolean(),
        userProperties: fc.array(fc.record({ name: text, value: text }), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    odd,
  ),
  79,
);
const names = ['qos', 'retain', 'expirySeconds', 'userProperty', 'responseTopic', 'correlationData', '__proto__'];

const at = <Value>(list: readonly Value[], index: number) => list[index % list.length] as Value;

function query(index: number): Record<string, unknown> {
  const wanted = Object.fromEntries(
    names.flatMap((name, i) => ((index >> i) % 3 === 0 ? [[name, at(values, index + 7 * i)]] : [])),
  );
  return { topic: at(topics, index), ...wanted };
}

function json(index: number): object {
  return {
    topic: at(topics, index),
    payload: at(payloads, index),
    encoding: at(['utf8', 'base64', 'utf8', undefined, 'hex'], index),
    qos: at([0, 1, 2, undefined, 0, 1, 3], index),
    retain: at([true, false, undefined, 0], index),
    expirySeconds: at([undefined, undefined, undefined, 60, -1, 1e12], index),
    properties: at(properties, index),
  };
}

/** A broker with somebody who publishes by request, and a device that hears everything. */
function open() {
  const it = newBroker();
  const who = admitted({ username: null }, { clientId: 'fuzzer', address: null });
  const caller = new Caller(who, operatorGrants('fuzzer', null));
  const watcher = mqttClient(it, { clientId: 'watcher', protocolVersion: 5 }).subscribe('#');
  return { it, caller, watcher };
}

test('whatever is to be published, it is refused with its fields or reaches MQTT clients as it was sent', async () => {
  const { it, caller, watcher } = open();
  let taken = 0;
  const wrong: unknown[] = [];
  const send = async (body: unknown) => {
    const parsed = Publication.safeParse(body);
    if (!parsed.success) {
      if (parsed.error.issues.length === 0) wrong.push(body);
      return;
    }
    const message = messageFrom(parsed.data);
    const outcome = await publishFor(it.broker, caller, brokerMessage(message, caller.clientId));
    it.clock.turn();
    if (outcome.refusal) return;
    taken++;
    const last = watcher.last('publish');
    watcher.packets.length = 0;
    if (message.topic.startsWith('$') || message.expiresAt !== null) return;
    const isSame = last?.topic === message.topic && message.payload.equals(Buffer.from(last.payload));
    if (!isSame) wrong.push({ message, last });
  };
  for (let index = 0; index < INPUTS; index++) {
    const asked = query(index);
    PublishQuery.safeParse(asked);
    await send(rawPublication(asked, Buffer.from(at(bodies, index))));
    await send(json(index));
  }
  expect(wrong).toEqual([]);
  expect(taken).toBeGreaterThan(1_000);
  expect(it.faults).toEqual([]);
});

const good = [
  { topic: 'a', payload: '1' },
  { topic: 'a/b', payload: 'AP8=', encoding: 'base64' },
  { topic: '$SYS/a', payload: 'x' },
  { topic: 'b', payload: 'x', qos: 1, expirySeconds: 60, properties: { contentType: 'x/y' } },
];
const noBatches: readonly unknown[] = [
  null,
  [],
  {},
  'a',
  { messages: null },
  { messages: {} },
  { messages: [], more: 1 },
];

function batch(chance: Chance): unknown {
  if (chance.oneIn(20)) return chance.of(noBatches);
  const length = chance.oneIn(2_000) ? 1_001 : chance.number(5);
  const messages = Array.from({ length }, () => (chance.oneIn(8) ? json(chance.number(1e6)) : chance.of(good)));
  return chance.oneIn(20) ? { messages, more: chance.of(messages) } : { messages };
}

test('whatever 20,000 batches come, each is refused as a whole, or each of its messages has its own result', async () => {
  const { it, caller, watcher } = open();
  const outcomes = { refused: 0, published: 0, denied: 0 };
  for (let index = 0; index < 20_000; index++) {
    const parsed = PublicationBatch.safeParse(batch(chance));
    if (!parsed.success) {
      outcomes.refused++;
      continue;
    }
    const messages = parsed.data.messages.map((each) => brokerMessage(messageFrom(each), caller.clientId));
    const results = await publishAllFor(it.broker, caller, messages);
    it.clock.turn();
    const sent = messages.filter((_, at) => results[at]?.refusal === null).map(({ topic }) => topic);
    const heard = watcher.packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []));
    watcher.packets.length = 0;
    if (results.length !== messages.length || heard.join() !== sent.filter((topic) => !topic.startsWith('$')).join())
      expect({ sent, results }).toEqual({ sent: heard, results: messages });
    outcomes.published += sent.length;
    outcomes.denied += results.length - sent.length;
  }
  expect(Object.values(outcomes).every((count) => count > 1_000)).toBe(true);
  expect(it.faults).toEqual([]);
});
