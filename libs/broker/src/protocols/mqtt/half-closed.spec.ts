import mqttPacket, { type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { Authentication } from '../../ports/authenticator.js';
import { MqttClient, mqttClient, newBroker } from '../../testing/index.js';

/** A client that waits for no answer: CONNECT, PUBLISH and DISCONNECT in one piece. */
const allAtOnce = Buffer.concat(
  (
    [
      { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0, clientId: 'pump-7' },
      { cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false },
      { cmd: 'disconnect' },
    ] satisfies Packet[]
  ).map((packet) => mqttPacket.generate(packet)),
);

/** A broker whose authenticator answers when the test says so. */
function slowDoor() {
  const answers: ((answer: Authentication) => void)[] = [];
  const authenticator = { authenticate: () => new Promise<Authentication>((resolve) => answers.push(resolve)) };
  const it = newBroker({ authenticator });
  const letIn = async () => {
    answers.shift()?.({ accepted: true, username: null });
    await new Promise((resolve) => setImmediate(resolve));
    it.clock.turn();
  };
  return { it, letIn };
}

test('a client that sends no more is answered what it asked, and its will is published', () => {
  const it = newBroker();
  const watcher = mqttClient(it).subscribe('#');
  const will = { topic: 'gone', payload: Buffer.from('x'), qos: 0 as const, retain: false };
  const device = mqttClient(it, { will }).publish('a', 'last words', { qos: 1 }).finish();
  expect(device.received('puback')).toHaveLength(1);
  expect(device.isClosed).toBe(true);
  expect(watcher.messages).toEqual(['a=last words', 'gone=x']);
});

test('a client that says nothing before its end is gone at once', () => {
  const it = newBroker();
  expect(new MqttClient(it).finish().isClosed).toBe(true);
});

describe('while it is not known who a client is', () => {
  test('one that gave up is not let in: it would take over from itself', async () => {
    const { it, letIn } = slowDoor();
    const patient = mqttClient(it, { clientId: 'pump-7' });
    await letIn();
    const hasty = mqttClient(it, { clientId: 'pump-7' }).finish();
    expect(hasty.isClosed).toBe(true);
    await letIn();
    expect(patient.isClosed).toBe(false);
    expect(it.broker.presence.get('pump-7')?.online).toBe(true);
    expect(hasty.packets).toEqual([]);
  });

  test('one whose connection broke is not let in, whatever it had sent', async () => {
    const { it, letIn } = slowDoor();
    const watcher = mqttClient(it);
    await letIn();
    watcher.subscribe('#');
    const broken = mqttClient(it, { clientId: 'pump-7' }).publish('a', 'x');
    broken.reset();
    await letIn();
    expect(it.broker.presence.get('pump-7')).toBeUndefined();
    expect(watcher.messages).toEqual([]);
  });

  test.each(['finish', 'drop'] as const)('one that has said all it had to say is heard out (%s)', async (goes) => {
    const { it, letIn } = slowDoor();
    const watcher = mqttClient(it);
    await letIn();
    watcher.subscribe('#');
    const device = new MqttClient(it).sendBytes(allAtOnce);
    device[goes]();
    expect(watcher.messages).toEqual([]);
    await letIn();
    expect(watcher.messages).toEqual(['a=x']);
    expect(device.isClosed).toBe(true);
    expect(it.broker.presence.get('pump-7')).toMatchObject({ online: false, reason: 'client-disconnected' });
  });

  test('one that is heard out and took no leave is lost', async () => {
    const { it, letIn } = slowDoor();
    const device = mqttClient(it, { clientId: 'pump-7' }).publish('a', 'x', { qos: 1 }).finish();
    await letIn();
    expect(device.received('puback')).toHaveLength(1);
    expect(device.isClosed).toBe(true);
    expect(it.broker.presence.get('pump-7')).toMatchObject({ online: false, reason: 'connection-lost' });
  });

  test('nothing of those who went is kept', async () => {
    const { it, letIn } = slowDoor();
    new MqttClient(it).sendBytes(allAtOnce).drop();
    await letIn();
    expect(it.broker.counters.linksOpened).toBe(it.broker.counters.linksClosed);
    expect(it.broker.sessions.size).toBe(0);
    expect(it.faults).toEqual([]);
  });
});
