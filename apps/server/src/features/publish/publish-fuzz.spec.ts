import { admitted, Caller, publishFor } from '@perch/broker';
import { mqttClient, newBroker } from '@perch/broker/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operatorGrants } from '../../policy/operator-grants.js';
import { brokerMessage, messageFrom } from './publish-messages.js';
import { Publication, PublishQuery } from './publish.schemas.js';
import { rawPublication } from './raw-publication.js';

const INPUTS = 10_000;

/** Lists without a common divisor: each combination comes once in a long time. */
const some = <Value>(arbitrary: fc.Arbitrary<Value>, count: number) =>
  fc.sample(arbitrary, { numRuns: count, seed: 1 });

const special = fc.constantFrom('a', 'a/b', '#', '+/+', '$SYS/a', '', '\0', '\ud800', '0', '1', 'true', '-1', '1e9');
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), special);
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

test('whatever is to be published, it is refused with its fields or reaches MQTT clients as it was sent', async () => {
  const it = newBroker();
  const who = admitted({ username: null }, { clientId: 'fuzzer', address: null });
  const caller = new Caller(who, operatorGrants('fuzzer', null));
  const watcher = mqttClient(it, { clientId: 'watcher', protocolVersion: 5 });
  watcher.subscribe('#');
  let taken = 0;
  const send = async (body: unknown) => {
    const parsed = Publication.safeParse(body);
    if (!parsed.success) return expect(parsed.error.issues.length).toBeGreaterThan(0);
    const message = messageFrom(parsed.data);
    const outcome = await publishFor(it.broker, caller, brokerMessage(message, caller.clientId));
    it.clock.turn();
    if (outcome.refusal) return;
    taken++;
    const last = watcher.last('publish');
    watcher.packets.length = 0;
    if (message.topic.startsWith('$') || message.expiresAt !== null) return;
    expect([last?.topic, Buffer.from(last?.payload ?? '')]).toEqual([message.topic, message.payload]);
  };
  for (let index = 0; index < INPUTS; index++) {
    const asked = query(index);
    PublishQuery.safeParse(asked);
    await send(rawPublication(asked, Buffer.from(at(bodies, index))));
    await send(json(index));
  }
  expect(taken).toBeGreaterThan(1_000);
  expect(it.faults).toEqual([]);
});
