import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { mqttClient, newBroker } from '../../testing/index.js';

const SUBSCRIBERS = 64;
const MESSAGES = 1500;

function publishes(topic: string, count: number): Buffer {
  const packet = (i: number) =>
    mqttPacket.generate({ cmd: 'publish', topic, payload: `${i}`, qos: 0, dup: false, retain: false });
  return Buffer.concat(Array.from({ length: count }, (_, i) => packet(i)));
}

test('a client whose messages go to many lets the others have their turn, and loses none and no order', () => {
  const it = newBroker();
  const { counters } = it.broker;
  const subscribers = Array.from({ length: SUBSCRIBERS }, () => mqttClient(it).subscribe('all'));
  const greedy = mqttClient(it);
  const other = mqttClient(it);
  let received = 0;
  greedy.hand(publishes('all', MESSAGES));
  const taken = counters.messagesReceived;
  expect(taken).toBeGreaterThan(0);
  expect(taken * SUBSCRIBERS).toBeLessThan(2 * 32_768);
  expect(taken).toBeLessThan(MESSAGES);
  other.hand(publishes('elsewhere', 1));
  expect(counters.messagesReceived).toBe(taken + 1);
  for (let turn = 0; turn < 10; turn++) it.clock.turn();
  for (const { messages } of subscribers) {
    received += messages.length;
    expect(messages).toEqual(Array.from({ length: MESSAGES }, (_, i) => `all=${i}`));
  }
  expect(received).toBe(SUBSCRIBERS * MESSAGES);
});
