import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker } from '../testing/index.js';
import { PublishPace } from './publish-pace.js';

test('there is none where nothing is bounded', () => {
  expect(PublishPace.of({ publishesPerSecond: 0, publishBytesPerSecond: 0 }, 0)).toBeNull();
});

test('messages and bytes are bounded each for itself', () => {
  const pace = PublishPace.of({ publishesPerSecond: 10, publishBytesPerSecond: 1000 }, 0);
  for (let i = 0; i < 19; i++) expect(pace?.spend(10, 0)).toBe(0);
  expect(pace?.spend(2000, 0)).toBe(190);
  expect(pace?.spend(0, 0)).toBe(190);
  expect(pace?.spend(0, 0)).toBe(200);
});

describe('a client that publishes faster than it may', () => {
  const limits = { publishesPerSecond: 10 };

  test('is read only as fast: nothing is lost, and QoS 0 least of all', () => {
    const it = newBroker({ limits });
    const listener = mqttClient(it).subscribe('a');
    const publisher = mqttClient(it);
    for (let i = 0; i < 100; i++) publisher.publish('a', String(i));
    expect(listener.messages).toHaveLength(21);
    it.clock.advance(1000);
    expect(listener.messages.length).toBeGreaterThanOrEqual(30);
    expect(listener.messages.length).toBeLessThanOrEqual(32);
    it.clock.advance(10_000);
    expect(listener.messages).toEqual(Array.from({ length: 100 }, (_, i) => `a=${i}`));
  });

  test('slows down nobody else', () => {
    const it = newBroker({ limits });
    const listener = mqttClient(it).subscribe('a');
    const publisher = mqttClient(it);
    for (let i = 0; i < 100; i++) publisher.publish('b', '');
    mqttClient(it).publish('a', 'other');
    expect(listener.messages).toEqual(['a=other']);
  });

  test('is not taken for silent while it is not read', () => {
    const it = newBroker({ limits });
    const publisher = mqttClient(it, { keepalive: 1 });
    for (let i = 0; i < 100; i++) publisher.publish('a', '');
    it.clock.advance(6000);
    expect(publisher.isClosed).toBe(false);
  });

  test('leaves nothing behind when it goes meanwhile', () => {
    const it = newBroker({ limits });
    const publisher = mqttClient(it);
    for (let i = 0; i < 100; i++) publisher.publish('a', '');
    publisher.drop();
    it.clock.advance(10_000);
    expect(it.broker.counters.messagesReceived).toBe(21);
    expect(it.faults).toEqual([]);
  });
});

test('a message may be larger than what may be published in a second', () => {
  const it = newBroker({ limits: { publishBytesPerSecond: 1000 } });
  const listener = mqttClient(it).subscribe('a');
  const publisher = mqttClient(it).publish('a', 'x'.repeat(10_000)).publish('a', 'next');
  expect(listener.messages).toHaveLength(1);
  it.clock.advance(7000);
  expect(listener.messages).toHaveLength(1);
  it.clock.advance(2000);
  expect(listener.messages).toHaveLength(2);
  expect(publisher.isClosed).toBe(false);
});
