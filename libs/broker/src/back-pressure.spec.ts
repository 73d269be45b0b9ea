import { describe, expect, test } from 'vitest';
import type { Limits } from './limits.js';
import { jsonClient, type MqttClient, mqttClient, newBroker, type TestBroker } from './testing/index.js';

const PAYLOAD = 'x'.repeat(1000);
/** What one message weighs in an outbox, at least. */
const WEIGHT = 1000;
const LIMIT = 100 * WEIGHT;

/** A broker whose outboxes take about a hundred messages, a listener that has stopped reading, and a publisher. */
function aSlowListener(limits: Partial<Limits> = {}) {
  const it = newBroker({ limits: { outboxBytes: LIMIT, ...limits } });
  const listener = mqttClient(it, { clientId: 'slow' }).subscribe('a').stall();
  const publisher = mqttClient(it, { clientId: 'fast' });
  return { it, listener, publisher };
}

function publish(publisher: MqttClient, count: number, topic = 'a'): void {
  for (let i = 0; i < count; i++) publisher.publish(topic, PAYLOAD);
}

const taken = (it: TestBroker) => it.broker.counters.messagesReceived;

describe('a publisher whose every listener is too far behind', () => {
  test('is not read until one of them has caught up; QoS 0 loses nothing', () => {
    const { it, listener, publisher } = aSlowListener();
    publish(publisher, 500);
    const before = taken(it);
    expect(before).toBeGreaterThan(40);
    expect(before).toBeLessThan(70);
    for (let i = 0; i < 500 && taken(it) < 500; i++) {
      listener.readOn();
      listener.stall();
      it.clock.advance(10);
    }
    listener.readOn();
    expect(taken(it)).toBe(500);
    expect(it.broker.counters.dropped).toBe(0);
    expect(listener.messages).toHaveLength(500);
  });

  test('is held up for two seconds by one that takes nothing any more, and then by nobody', () => {
    const { it, publisher } = aSlowListener();
    publish(publisher, 500);
    const held = taken(it);
    it.clock.advance(1900);
    expect(taken(it)).toBeLessThanOrEqual(held + 2);
    it.clock.advance(1200);
    expect(taken(it)).toBe(500);
    expect(it.broker.counters.dropped).toBeGreaterThan(300);
    publish(publisher, 500);
    expect(taken(it)).toBe(1000);
  });

  test('gets a message through every second while they come along slowly', () => {
    const it = newBroker({ limits: { inFlightPerSession: 1, queuePerSession: 100 } });
    const listener = mqttClient(it).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it);
    for (let i = 0; i < 300; i++) publisher.publish('a', PAYLOAD, { qos: 1 });
    const held = taken(it);
    for (let half = 0; half < 20; half++) {
      listener.send({ cmd: 'puback', messageId: listener.last('publish')?.messageId ?? 0 });
      it.clock.advance(500);
    }
    expect(taken(it)).toBeGreaterThanOrEqual(held + 8);
    expect(taken(it)).toBeLessThanOrEqual(held + 11);
  });

  test('may go when it likes', () => {
    const { it, listener, publisher } = aSlowListener();
    publish(publisher, 500);
    const held = taken(it);
    publisher.drop();
    it.clock.advance(10_000);
    listener.readOn();
    expect(taken(it)).toBe(held);
    expect(it.faults).toEqual([]);
  });

  test('is freed when they go', () => {
    const { it, listener, publisher } = aSlowListener();
    publish(publisher, 500);
    listener.drop();
    it.clock.turn();
    expect(taken(it)).toBe(500);
  });
});

describe('a publisher is not held up', () => {
  test('by a listener among others that keep up', () => {
    const { it, publisher } = aSlowListener();
    const other = mqttClient(it).subscribe('a');
    publish(publisher, 500);
    expect(other.messages).toHaveLength(500);
  });

  test('by the listeners of others', () => {
    const { it, publisher } = aSlowListener();
    publish(publisher, 500);
    publish(mqttClient(it), 500, 'b');
    expect(taken(it)).toBeGreaterThan(500);
  });

  test('by itself: it takes nothing while it waits to be read', () => {
    const it = newBroker({ limits: { outboxBytes: LIMIT } });
    const echo = mqttClient(it).subscribe('a').stall();
    publish(echo, 500);
    expect(taken(it)).toBe(500);
  });

  test('by a durable session that is away', () => {
    const it = newBroker({ limits: { outboxBytes: LIMIT } });
    mqttClient(it, { clientId: 'away', clean: false }).subscribe('a', { qos: 1 }).drop();
    const publisher = mqttClient(it);
    for (let i = 0; i < 200; i++) publisher.publish('a', PAYLOAD, { qos: 1 });
    expect(taken(it)).toBe(200);
  });
});

test('a shared group holds a publisher up when no member keeps up', () => {
  const it = newBroker({ limits: { outboxBytes: LIMIT } });
  const members = [1, 2].map(() => mqttClient(it).subscribe('$share/g/a').stall());
  const publisher = mqttClient(it);
  publish(publisher, 500);
  expect(taken(it)).toBeLessThan(150);
  members[0]?.readOn();
  it.clock.turn();
  expect(taken(it)).toBe(500);
});

test('QoS 1 that waits behind the in-flight window counts, too', () => {
  const it = newBroker({ limits: { inFlightPerSession: 10, queuePerSession: 100 } });
  const listener = mqttClient(it).subscribe('a', { qos: 1 });
  const publisher = mqttClient(it);
  for (let i = 0; i < 300; i++) publisher.publish('a', String(i), { qos: 1 });
  expect(taken(it)).toBeLessThan(70);
  for (let i = 0; i < 300; i++) {
    listener.send({ cmd: 'puback', messageId: listener.received('publish')[i]?.messageId ?? 0 });
  }
  expect(listener.isClosed).toBe(false);
  expect(listener.messages).toEqual(Array.from({ length: 300 }, (_, i) => `a=${i}`));
});

test('a JSON client that publishes is held back like others', () => {
  const { it, listener } = aSlowListener();
  const publisher = jsonClient(it, { clientId: 'json' });
  for (let i = 0; i < 500; i++) publisher.send({ type: 'publish', topic: 'a', payload: PAYLOAD });
  expect(taken(it)).toBeLessThan(70);
  for (let i = 0; i < 100; i++) {
    listener.readOn();
    listener.stall();
    it.clock.advance(10);
  }
  listener.readOn();
  expect(taken(it)).toBe(500);
  expect(it.broker.counters.dropped).toBe(0);
});

describe('what waits for all links together', () => {
  const limits = { outboxBytesTotal: 2 * LIMIT };

  test('has a bound above which nobody publishes at full speed, until much of it is gone', () => {
    const { it, publisher } = aSlowListener({ ...limits, outboxBytes: 100 * LIMIT });
    const other = mqttClient(it).subscribe('#');
    publish(publisher, 500);
    const held = taken(it);
    expect(held).toBeLessThan(250);
    expect(it.broker.pressure.bytes).toBeLessThan(2.1 * LIMIT);
    expect(other.isClosed).toBe(false);
    it.clock.advance(2000);
    expect(taken(it)).toBeLessThanOrEqual(held + 3);
  });

  test('is freed by ending the links that take nothing, sooner than otherwise', () => {
    const { it, listener, publisher } = aSlowListener({ ...limits, outboxBytes: 100 * LIMIT });
    publish(publisher, 500);
    it.clock.advance(8000);
    expect(listener.isClosed).toBe(true);
    expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
    expect(it.broker.pressure.bytes).toBe(0);
    expect(taken(it)).toBe(500);
  });

  test('is nothing when nothing waits, whatever has happened', () => {
    const { it, listener, publisher } = aSlowListener();
    publish(publisher, 500);
    it.clock.advance(5000);
    expect(it.broker.pressure.bytes).toBeGreaterThan(0.7 * LIMIT);
    expect(it.broker.pressure.bytes).toBeLessThanOrEqual(LIMIT);
    listener.readOn();
    expect([it.broker.pressure.bytes, it.broker.pressure.strained]).toEqual([0, 0]);
    listener.stall();
    publish(publisher, 500);
    listener.drop();
    it.clock.advance(5000);
    expect([it.broker.pressure.bytes, it.broker.pressure.strained]).toEqual([0, 0]);
  });
});

test('a link that takes nothing for too long is ended, whatever its keep-alive says; one that takes a little is not', () => {
  const it = newBroker({ limits: { stalledLinkMs: 30_000 } });
  const [stalled, slow] = ['stalled', 'slow'].map((clientId) => mqttClient(it, { clientId }).subscribe('a').stall());
  const publisher = mqttClient(it);
  for (let second = 0; second < 60; second++) {
    publisher.publish('a', PAYLOAD);
    if (second % 20 === 0) {
      slow?.readOn();
      slow?.stall();
    }
    it.clock.advance(1000);
  }
  expect([stalled?.isClosed, slow?.isClosed]).toEqual([true, false]);
  expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
});
