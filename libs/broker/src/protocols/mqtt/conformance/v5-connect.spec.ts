import { describe, expect, test } from 'vitest';
import { mqttClient, MqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, properties, raw, uint16 } from '../../../testing/mqtt-bytes.js';
import { connackCode, returnCode } from '../reason-codes.js';
import type { Refusal } from '../../../refusal.js';

const v5 = { protocolVersion: 5 } as const;
const refuse = (refusal: Refusal) => ({ authenticate: () => ({ accepted: false, refusal }) as const });

describe('the client id', () => {
  test.each(['a', '0', 'Zz9', '0123456789abcdefghijklm', 'nopqrstuvwxyzABCDEFGHIJ', 'KLMNOPQRSTUVWXYZ'])(
    '%s is let in [MQTT5-3.1.3-5] [MQTT5-3.1.4-5]',
    (clientId) => {
      const it = newBroker();
      expect(mqttClient(it, { ...v5, clientId }).last('connack')?.reasonCode).toBe(0);
      expect(it.broker.presence.get(clientId)?.online).toBe(true);
    },
  );

  test('that is empty is replaced by one that nobody has, and the client is told and served under it [MQTT5-3.1.3-6] [MQTT5-3.1.3-7] [MQTT5-3.2.2-16]', () => {
    const it = newBroker();
    const clients = Array.from({ length: 20 }, () => mqttClient(it, { ...v5, clientId: '' }));
    const ids = clients.map((client) => client.last('connack')!.properties!.assignedClientIdentifier as string);
    expect(new Set(ids).size).toBe(20);
    expect(clients.some(({ isClosed }) => isClosed)).toBe(false);
    for (const id of ids) expect(it.broker.sessions.get(id)?.clientId).toBe(id);
    clients[0]!.subscribe('a', { nl: true }).publish('a', 'own');
    clients[1]!.publish('a', 'of another');
    expect(clients[0]!.messages).toEqual(['a=of another']);
  });

  test('that the client names is not told back', () => {
    const client = mqttClient(newBroker(), { ...v5, clientId: 'c' });
    expect(client.last('connack')?.properties?.assignedClientIdentifier).toBeUndefined();
  });

  test('is what a session is known by: the same id is the same client, letter by letter [MQTT5-3.1.3-2]', () => {
    const it = newBroker();
    const [lower, upper] = [mqttClient(it, { ...v5, clientId: 'c' }), mqttClient(it, { ...v5, clientId: 'C' })];
    expect([lower.isClosed, upper.isClosed]).toEqual([false, false]);
    const again = mqttClient(it, { ...v5, clientId: 'c' });
    expect([lower.isClosed, upper.isClosed, again.isClosed]).toEqual([true, false, false]);
  });

  test('of somebody who is connected takes the connection away from him, and tells him [MQTT5-3.1.4-3]', () => {
    const it = newBroker();
    const first = mqttClient(it, { ...v5, clientId: 'c' });
    const second = mqttClient(it, { ...v5, clientId: 'c' });
    expect(first.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']);
    expect(first.last('disconnect')?.reasonCode).toBe(0x8e);
    expect([first.isClosed, second.isClosed]).toEqual([true, false]);
    expect(second.last('connack')?.reasonCode).toBe(0);
  });

  test('of somebody who is refused takes nobody anything away [MQTT5-3.1.4-2]', () => {
    const accept = ({ username }: { username: string | null }) =>
      username === 'ana'
        ? ({ accepted: true, username } as const)
        : ({ accepted: false, refusal: 'bad-credentials' } as const);
    const it = newBroker({ authenticator: { authenticate: accept } });
    const ana = mqttClient(it, { ...v5, clientId: 'c', username: 'ana' });
    const thief = mqttClient(it, { ...v5, clientId: 'c', username: 'bob' });
    expect(thief.last('connack')?.reasonCode).toBe(0x86);
    expect([ana.isClosed, thief.isClosed]).toEqual([false, true]);
  });
});

describe('a CONNECT that is refused', () => {
  test.each(Object.keys(returnCode) as Refusal[])(
    'because of %s: one CONNACK with a code that CONNACK has, no session, and the end [MQTT5-3.2.2-6] [MQTT5-3.2.2-7] [MQTT5-3.2.2-8] [MQTT5-3.1.4-2] [MQTT5-3.14.0-1]',
    (refusal) => {
      const client = mqttClient(newBroker({ authenticator: refuse(refusal) }), v5);
      expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
      expect(client.wire.subarray(2, 4).toString('hex')).toBe(`00${connackCode(refusal).toString(16)}`);
      expect(client.isClosed).toBe(true);
      const allowed = [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99];
      expect([...allowed, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f]).toContain(connackCode(refusal));
    },
  );

  test('has nothing after it looked at, neither in the same chunk nor later [MQTT5-3.1.4-6]', () => {
    const it = newBroker({ authenticator: refuse('bad-credentials') });
    const connect = packetOf(0x10, 'MQTT', 5, 2, uint16(0), properties(), 'c');
    const publish = packetOf(0x31, 'a', properties(), raw('x'));
    const client = new MqttClient(it, v5).sendBytes(Buffer.concat([connect, publish])).sendBytes(publish);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(it.broker.retained.size).toBe(0);
    expect(it.broker.counters.messagesReceived).toBe(0);
  });

  test('has what was sent while it was decided not looked at [MQTT5-3.1.4-6]', async () => {
    const outcome = Promise.resolve({ accepted: false, refusal: 'bad-credentials' } as const);
    const it = newBroker({ authenticator: { authenticate: () => outcome } });
    const client = mqttClient(it, v5).publish('a', 'x', { retain: true });
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(it.broker.retained.size).toBe(0);
  });
});

describe('CONNACK', () => {
  test('comes first, also for a client that does not wait for it [MQTT5-3.2.0-1]', async () => {
    const outcome = Promise.resolve({ accepted: true, username: null } as const);
    const it = newBroker({ authenticator: { authenticate: () => outcome } });
    mqttClient(it, v5);
    await new Promise(setImmediate);
    const eager = mqttClient(it, { ...v5, clientId: 'eager' })
      .subscribe('a')
      .publish('a', 'x', { qos: 1 });
    eager.send({ cmd: 'pingreq' });
    await new Promise(setImmediate);
    it.clock.turn();
    expect(eager.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'publish', 'puback', 'pingresp']);
  });

  test('comes once [MQTT5-3.2.0-2] [MQTT5-3.1.0-2]', () => {
    const client = mqttClient(newBroker(), { ...v5, clientId: 'c' }).connect();
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']);
    expect(client.last('disconnect')?.reasonCode).toBe(0x82);
    expect(client.isClosed).toBe(true);
  });

  test('has reserved flags of 0 [MQTT5-3.2.2-1]', () => {
    const accepted = mqttClient(newBroker(), v5);
    const refused = mqttClient(newBroker({ authenticator: refuse('banned') }), v5);
    expect([accepted.wire[2]! & 0xfe, refused.wire[2]! & 0xfe]).toEqual([0, 0]);
  });

  test('announces no maximum QoS, and every QoS is taken [MQTT5-3.2.2-9] [MQTT5-3.2.2-10]', () => {
    const will = { topic: 'w', payload: '', qos: 2 as const, retain: true };
    const client = mqttClient(newBroker(), { ...v5, will });
    expect(client.last('connack')).toMatchObject({ reasonCode: 0 });
    expect(client.last('connack')?.properties?.maximumQoS).toBeUndefined();
    for (const qos of [0, 1, 2] as const) {
      client.subscribe(`a/${qos}`, { qos });
      expect(client.last('suback')?.granted).toEqual([qos]);
    }
    client.publish('b', 'x', { qos: 1 }).publish('b', 'x', { qos: 2 });
    expect([client.last('puback')?.reasonCode, client.last('pubrec')?.reasonCode]).toEqual([0, 0]);
  });

  test('announces what the broker takes, and the broker takes it [MQTT5-3.3.2-12]', () => {
    const it = newBroker({ limits: { receiveMaximum: 3, packetBytes: 100, topicAliasMaximum: 2 } });
    const client = mqttClient(it, v5);
    const { receiveMaximum, maximumPacketSize, topicAliasMaximum } = client.last('connack')!.properties!;
    expect([receiveMaximum, maximumPacketSize, topicAliasMaximum]).toEqual([3, 100, 2]);
    for (const messageId of [1, 2, 3]) client.publish('a', 'x', { qos: 2, messageId });
    for (const topicAlias of [1, 2]) client.publish('a', 'x', { properties: { topicAlias } });
    client.sendBytes(packetOf(0x30, 'a', properties(), Buffer.alloc(94)));
    expect(client.isClosed).toBe(false);
    client.sendBytes(packetOf(0x30, 'a', properties(), Buffer.alloc(95)));
    expect(client.last('disconnect')?.reasonCode).toBe(0x95);
  });

  test.each([undefined, false])(
    'has no response information where none was asked for: %s [MQTT5-3.1.2-28]',
    (asked) => {
      const requested = asked === undefined ? {} : { properties: { requestResponseInformation: asked } };
      expect(
        mqttClient(newBroker(), { ...v5, ...requested }).last('connack')?.properties?.responseInformation,
      ).toBeUndefined();
    },
  );
});

describe('keep-alive', () => {
  test('is the one of the client where the broker names none [MQTT5-3.2.2-22] [MQTT5-3.1.2-22]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, keepalive: 20 });
    expect(client.last('connack')?.properties?.serverKeepAlive).toBeUndefined();
    it.clock.advance(29_000);
    expect(client.isClosed).toBe(false);
    it.clock.advance(3_000);
    expect(client.isClosed).toBe(true);
  });

  test('that is over ends the connection as if the network had failed: with the will [MQTT5-3.1.2-22] [MQTT5-3.1.2-8]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    mqttClient(it, { ...v5, keepalive: 20, will: { topic: 'gone', payload: 'c', qos: 0, retain: false } });
    it.clock.advance(32_000);
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test('goes on with any packet, not with PINGREQ alone [MQTT5-3.1.2-22]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, keepalive: 20 });
    for (let i = 0; i < 10; i++) {
      it.clock.advance(25_000);
      if (i % 2 === 0) client.publish('a', 'x');
      else client.unsubscribe('a');
    }
    expect(client.isClosed).toBe(false);
  });

  test('of 0 is none at all', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, keepalive: 0 });
    it.clock.advance(24 * 3_600_000);
    expect(client.isClosed).toBe(false);
  });

  test('that the broker has set is the one that counts [MQTT5-3.1.2-21] [MQTT5-3.2.2-21]', () => {
    const it = newBroker({ limits: { keepAliveSeconds: 10 } });
    const client = mqttClient(it, { ...v5, keepalive: 1000 });
    expect(client.last('connack')?.properties?.serverKeepAlive).toBe(10);
    it.clock.advance(17_000);
    expect(client.isClosed).toBe(true);
  });

  test('PINGREQ is answered with PINGRESP [MQTT5-3.12.4-1]', () => {
    const client = mqttClient(newBroker(), v5).sendBytes(packetOf(0xc0)).sendBytes(packetOf(0xc0));
    expect(client.received('pingresp')).toHaveLength(2);
    expect(client.wire.subarray(-2).toString('hex')).toBe('d000');
  });
});
