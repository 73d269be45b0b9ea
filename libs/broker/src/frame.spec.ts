import { describe, expect, test } from 'vitest';
import { SharedFrames, type Frame, type WireFormat } from './frame.js';
import { mqttClient, newBroker } from './testing/index.js';

const aMessage = {
  topic: 'a',
  payload: Buffer.from('x'),
  qos: 0 as const,
  retain: false,
  properties: null,
  publisher: 'p',
  receivedAt: 0,
  expiresAt: null,
};

describe('frames that are shared', () => {
  test('are encoded once for each shape and variant', () => {
    let encoded = 0;
    const format: WireFormat = { index: 0, maximumQos: 2, encode: () => (++encoded, {} as Frame) };
    const frames = new SharedFrames(aMessage, 0);
    for (let i = 0; i < 3; i++) for (const shape of [0, 1, 5]) frames.get(format, shape, null);
    for (let i = 0; i < 3; i++) frames.get(format, 0, { subscriptionIdentifiers: [7] });
    expect(encoded).toBe(4);
  });

  test('that cannot be encoded are reported, and missing only there', () => {
    const faults: unknown[] = [];
    const broken = new Error('broken');
    const fails: WireFormat = {
      index: 0,
      maximumQos: 2,
      encode: () => {
        throw broken;
      },
    };
    const works: WireFormat = { index: 1, maximumQos: 2, encode: () => ({}) as Frame };
    const frames = new SharedFrames(aMessage, 0, (error) => faults.push(error));
    expect(frames.get(fails, 0, null)).toBeNull();
    expect(frames.get(works, 0, null)).not.toBeNull();
    expect(faults).toEqual([broken]);
  });
});

test('a subscriber whose message cannot be encoded costs neither its publisher nor the others anything', () => {
  const it = newBroker();
  const victim = mqttClient(it, { clientId: 'victim', protocolVersion: 5 }).subscribe('a', { qos: 1 });
  const well = mqttClient(it).subscribe('a', { qos: 1 });
  const session = it.broker.sessions.get('victim')!;
  const broken = { index: 7, maximumQos: 2, encode: () => expect.unreachable('by design') };
  Object.defineProperty(session.peer, 'format', { value: broken });
  const sender = mqttClient(it).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 0 });
  expect(sender.received('puback')).toHaveLength(1);
  expect(sender.isClosed).toBe(false);
  expect(well.messages).toEqual(['a=1', 'a=2']);
  expect(victim.messages).toEqual([]);
  expect(it.faults).toHaveLength(2);
  expect(it.broker.counters.dropped).toBe(2);
});
