import mqttPacket, { type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { MqttClient, mqttClient, newBroker } from '../../testing/index.js';

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

test('a message that comes in one chunk with the CONNECT came now, and expires as late as any', () => {
  const it = newBroker();
  const later = mqttClient(it, { protocolVersion: 5 });
  const early = new MqttClient(it, { protocolVersion: 5 });
  const packets: Packet[] = [
    { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 0, clientId: 'early' },
    {
      cmd: 'publish',
      topic: 'kept',
      payload: 'x',
      qos: 0,
      dup: false,
      retain: true,
      properties: { messageExpiryInterval: 60 },
    },
  ];
  early.sendBytes(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet, { protocolVersion: 5 }))));
  expect(it.broker.retained.get('kept')).toMatchObject({
    receivedAt: it.clock.now(),
    expiresAt: it.clock.now() + 60_000,
  });
  expect(later.subscribe('kept').messages).toEqual(['kept=x']);
});
