import { describe, expect, test } from 'vitest';
import type { Authentication } from '../../../ports/authenticator.js';
import type { Refusal } from '../../../refusal.js';
import { aPolicy, mqttClient, MqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, raw, uint16, type PacketPart } from '../../../testing/mqtt-bytes.js';

const CLEAN = 0x02;
const WILL = 0x04;
const WILL_QOS_1 = 0x08;
const WILL_QOS_3 = 0x18;
const WILL_RETAIN = 0x20;
const PASSWORD = 0x40;
const USERNAME = 0x80;

/** CONNECT of 3.1.1 with these flags and this payload. */
const connectOf = (flags: number, ...payload: PacketPart[]) => packetOf(0x10, 'MQTT', 4, flags, uint16(0), ...payload);
const aWill = (payload: string, options: { qos?: 0 | 1 | 2; retain?: boolean } = {}) => ({
  ...{ topic: 'gone', payload, qos: 0 as const, retain: false },
  ...options,
});
const refusing = (refusal: Refusal) => ({ authenticate: (): Authentication => ({ accepted: false, refusal }) });

describe('the first packet', () => {
  test('is CONNECT: any other ends the connection unanswered [MQTT-3.1.0-1]', () => {
    const it = newBroker();
    for (let type = 0; type < 16; type++) {
      if (type === 1) continue;
      const client = new MqttClient(it).sendBytes(packetOf(type << 4, uint16(1), raw('x')));
      expect([type, client.isClosed, client.wire.length]).toEqual([type, true, 0]);
    }
  });

  test('is the only CONNECT: another one, even the same, ends the connection, and the will is published [MQTT-3.1.0-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { clientId: 'c', will: aWill('x') }).connect();
    it.clock.turn();
    expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
    expect(watcher.messages).toEqual(['gone=x']);
  });

  test.each(['MQTX', 'mqtt', 'MQTT ', 'MQ', ''])('with the protocol name "%s" is not served [MQTT-3.1.2-1]', (name) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const connect = packetOf(0x10, name, 4, CLEAN, uint16(0), 'c');
    const client = new MqttClient(it).sendBytes(Buffer.concat([connect, packetOf(0x30, 'a', raw('x'))]));
    expect(client.isClosed).toBe(true);
    expect(client.last('connack')?.returnCode).not.toBe(0);
    expect(watcher.messages).toEqual([]);
    expect(it.broker.presence.get('c')).toBeUndefined();
  });

  test.each([0, 1, 2, 3])('of level %i gets return code 1 and is closed [MQTT-3.1.2-2]', (level) => {
    const client = new MqttClient(newBroker()).sendBytes(packetOf(0x10, 'MQTT', level, CLEAN, uint16(0), 'c'));
    expect([packetsIn(client.wire), client.isClosed]).toEqual([['20020001'], true]);
  });
});

describe('a CONNECT that breaks the rules is closed without CONNACK [MQTT-3.1.4-1]', () => {
  test.each<[string, Buffer]>([
    ['the reserved flag [MQTT-3.1.2-3]', connectOf(CLEAN | 0x01, 'c')],
    ['a will without its topic [MQTT-3.1.2-9]', connectOf(CLEAN | WILL, 'c')],
    ['a will without its message [MQTT-3.1.2-9]', connectOf(CLEAN | WILL, 'c', 'topic')],
    ['no will but a will topic and message [MQTT-3.1.2-11]', connectOf(CLEAN, 'c', 'topic', 'message')],
    ['no will but a will QoS [MQTT-3.1.2-11] [MQTT-3.1.2-13]', connectOf(CLEAN | WILL_QOS_1, 'c')],
    ['no will but will retain [MQTT-3.1.2-11] [MQTT-3.1.2-15]', connectOf(CLEAN | WILL_RETAIN, 'c')],
    ['a will QoS of 3 [MQTT-3.1.2-14]', connectOf(CLEAN | WILL | WILL_QOS_3, 'c', 'topic', 'message')],
    ['no user name flag but a user name [MQTT-3.1.2-18]', connectOf(CLEAN, 'c', 'user')],
    ['a user name flag but no user name [MQTT-3.1.2-19]', connectOf(CLEAN | USERNAME, 'c')],
    ['no password flag but a password [MQTT-3.1.2-20]', connectOf(CLEAN | USERNAME, 'c', 'user', 'password')],
    ['a password flag but no password [MQTT-3.1.2-21]', connectOf(CLEAN | USERNAME | PASSWORD, 'c', 'user')],
    ['a password without a user name [MQTT-3.1.2-22]', connectOf(CLEAN | PASSWORD, 'c', 'password')],
    ['an empty password without a user name [MQTT-3.1.2-22]', connectOf(CLEAN | PASSWORD, 'c', '')],
    ['no client id [MQTT-3.1.3-3]', connectOf(CLEAN)],
    ['a client id that runs out of the packet [MQTT-3.1.3-3]', connectOf(CLEAN, uint16(2), raw('c'))],
    [
      'a user name before the will [MQTT-3.1.3-1]',
      connectOf(CLEAN | USERNAME | WILL, 'c', 'user', uint16(99), raw('x')),
    ],
    ['a keep-alive of one byte', packetOf(0x10, 'MQTT', 4, CLEAN, 0)],
    ['nothing after the protocol name', packetOf(0x10, 'MQTT')],
    ['a will topic with a wildcard', connectOf(CLEAN | WILL, 'c', 'gone/#', 'message')],
    ['an empty will topic [MQTT-4.7.3-1]', connectOf(CLEAN | WILL, 'c', '', 'message')],
  ])('%s', (_what, packet) => {
    const it = newBroker();
    const client = new MqttClient(it).sendBytes(packet);
    expect([client.isClosed, client.wire.length]).toEqual([true, 0]);
    expect(it.broker.presence.maximumOnline).toBe(0);
  });

  test('the same fields in their order are let in [MQTT-3.1.3-1]', () => {
    const seen: unknown[] = [];
    const it = newBroker({
      authenticator: {
        authenticate: ({ clientId, username, password }) => {
          seen.push([clientId, username, password?.toString()]);
          return { accepted: true, username };
        },
      },
    });
    const flags = CLEAN | WILL | USERNAME | PASSWORD;
    const client = new MqttClient(it).sendBytes(connectOf(flags, 'c', 'gone', 'will', 'user', 'password'));
    const watcher = mqttClient(it).subscribe('gone');
    client.drop();
    expect(packetsIn(client.wire)).toEqual(['20020000']);
    expect(seen[0]).toEqual(['c', 'user', 'password']);
    expect(watcher.messages).toEqual(['gone=will']);
  });
});

describe('client ids', () => {
  test('of 1 to 23 letters and digits are accepted, whichever they are [MQTT-3.1.3-5]', () => {
    const it = newBroker();
    const characters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const ids = [...characters, characters.slice(0, 23), characters.slice(20, 43), characters.slice(-23)];
    for (const clientId of ids) expect(mqttClient(it, { clientId }).last('connack')?.returnCode).toBe(0);
    expect(it.broker.presence.onlineCount).toBe(ids.length);
  });

  test('that are empty are replaced by one each, unlike any other [MQTT-3.1.3-6]', () => {
    const it = newBroker();
    const clients = Array.from({ length: 20 }, () => mqttClient(it, { clientId: '' }).subscribe('a'));
    expect(it.broker.presence.onlineCount).toBe(20);
    mqttClient(it, { clientId: 'publisher' }).publish('a', 'x');
    expect(clients.map(({ messages }) => messages)).toEqual(Array(20).fill(['a=x']));
  });

  test('that are empty without clean session get return code 2 and are closed [MQTT-3.1.3-7] [MQTT-3.1.3-8]', () => {
    const client = new MqttClient(newBroker()).sendBytes(connectOf(0, ''));
    expect([packetsIn(client.wire), client.isClosed]).toEqual([['20020002'], true]);
  });

  test('that are not accepted get return code 2 and are closed [MQTT-3.1.3-9]', () => {
    for (const clientId of ['$SYS', 'x'.repeat(60_000)]) {
      const client = mqttClient(newBroker(), { clientId });
      expect([packetsIn(client.wire), client.isClosed]).toEqual([['20020002'], true]);
    }
  });

  test('tell clients apart, byte for byte [MQTT-3.1.3-2]', () => {
    const it = newBroker();
    const clients = ['pump', 'Pump', 'pump ', 'pu\u0308mp', 'p\u00fcmp'].map((clientId) =>
      mqttClient(it, { clientId }),
    );
    expect(clients.some(({ isClosed }) => isClosed)).toBe(false);
    expect(it.broker.presence.onlineCount).toBe(5);
  });

  test('are taken over: who was connected under the same one is disconnected first, its will published [MQTT-3.1.4-2] [MQTT-3.1.2-8]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const first = mqttClient(it, { clientId: 'pump', will: aWill('first') }).subscribe('a');
    const second = mqttClient(it, { clientId: 'pump' });
    it.clock.turn();
    expect([first.isClosed, second.isClosed, second.last('connack')?.returnCode]).toEqual([true, false, 0]);
    mqttClient(it).publish('a', 'x');
    expect([first.messages, second.messages, watcher.messages]).toEqual([[], [], ['gone=first']]);
  });
});

describe('the answer', () => {
  test('to a client that is let in is return code 0 [MQTT-3.1.4-4], without a session where it wants a clean one [MQTT-3.2.2-1]', () => {
    const it = newBroker();
    for (let i = 0; i < 3; i++) expect(packetsIn(mqttClient(it, { clientId: 'c' }).wire)).toEqual(['20020000']);
  });

  test('comes before anything else, whatever the client has sent meanwhile [MQTT-3.2.0-1]', async () => {
    const it = newBroker({
      authenticator: { authenticate: () => Promise.resolve({ accepted: true, username: null }) },
    });
    const client = mqttClient(it).subscribe('a').publish('a', 'x', { qos: 1 }).send({ cmd: 'pingreq' });
    expect(client.packets).toEqual([]);
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'publish', 'puback', 'pingresp']);
  });

  test.each<[Refusal, number]>([
    ['bad-credentials', 4],
    ['not-authorized', 5],
    ['banned', 5],
    ['unavailable', 3],
    ['server-busy', 3],
    ['quota-exceeded', 3],
  ])(
    'that refuses because of %s has no session present and return code %i; then the connection ends [MQTT-3.2.2-4] [MQTT-3.2.2-5]',
    (refusal, code) => {
      const client = mqttClient(newBroker({ authenticator: refusing(refusal) }));
      expect([packetsIn(client.wire), client.isClosed]).toEqual([[`2002000${code}`], true]);
    },
  );

  test('is none where no return code fits [MQTT-3.2.2-6]', () => {
    const it = newBroker({ limits: { connectTimeoutMs: 1000 } });
    const silent = new MqttClient(it);
    it.clock.advance(5000);
    const vague = new MqttClient(it).sendBytes(connectOf(CLEAN | WILL, 'c', 'gone/+', 'message'));
    expect([silent.isClosed, silent.wire.length, vague.isClosed, vague.wire.length]).toEqual([true, 0, true, 0]);
  });

  test.each(['at once', 'later'])(
    'that refuses %s is the end: nothing of what follows is processed [MQTT-3.1.4-5]',
    async (when) => {
      const refusal: Authentication = { accepted: false, refusal: 'bad-credentials' };
      const it = newBroker({
        authenticator: {
          authenticate: ({ clientId }) => {
            if (clientId !== 'c') return { accepted: true, username: null };
            return when === 'at once' ? refusal : Promise.resolve(refusal);
          },
        },
      });
      const watcher = mqttClient(it, { clientId: 'watcher' }).subscribe('#');
      const publish = packetOf(0x31, 'a', raw('x'));
      const follows = [publish, packetOf(0x82, uint16(1), 'a', 0), packetOf(0xc0), connectOf(CLEAN, 'd'), publish];
      const client = new MqttClient(it).sendBytes(Buffer.concat([connectOf(CLEAN, 'c'), ...follows]));
      await new Promise(setImmediate);
      it.clock.turn();
      client.sendBytes(connectOf(CLEAN, 'd')).sendBytes(publish);
      expect([packetsIn(client.wire), client.isClosed]).toEqual([['20020004'], true]);
      expect(watcher.messages).toEqual([]);
      expect([it.broker.retained.size, it.broker.presence.get('d')]).toEqual([0, undefined]);
    },
  );
});

describe('the will', () => {
  /** Each way in which a connection can end without DISCONNECT. */
  const endings: [string, (it: ReturnType<typeof newBroker>, client: MqttClient) => void][] = [
    ['the network fails', (_it, client) => client.drop()],
    ['the client is silent for too long', (it) => it.clock.advance(60_000)],
    ['the client breaks the protocol', (_it, client) => void client.sendBytes(packetOf(0x00))],
    ['an operator ends the connection', (it) => void it.broker.disconnect('c')],
  ];

  test.each(endings)('is published when %s [MQTT-3.1.2-8]', (_what, end) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { clientId: 'c', keepalive: 10, will: aWill('x') });
    expect(watcher.messages).toEqual([]);
    end(it, client);
    it.clock.turn();
    expect(watcher.messages).toEqual(['gone=x']);
  });

  test('is forgotten with DISCONNECT, also when the link breaks right after it [MQTT-3.1.2-10] [MQTT-3.14.4-3]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { clientId: 'c', will: aWill('x') }).send({ cmd: 'disconnect' });
    expect(client.isClosed).toBe(true);
    client.drop();
    mqttClient(it, { clientId: 'c' }).drop();
    expect(watcher.messages).toEqual([]);
  });

  test('is published once: the next connection has none unless it brings one [MQTT-3.1.2-10] [MQTT-3.1.2-12]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    mqttClient(it, { clientId: 'c', will: aWill('first') }).drop();
    mqttClient(it, { clientId: 'c' }).drop();
    mqttClient(it, { clientId: 'c', will: aWill('third') }).drop();
    expect(watcher.messages).toEqual(['gone=first', 'gone=third']);
  });

  test('is not published for a client that was not let in [MQTT-3.1.2-8]', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }) });
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { will: aWill('x') });
    client.drop();
    expect([client.last('connack')?.returnCode, watcher.messages]).toEqual([5, []]);
  });

  test.each([0, 1, 2] as const)('has the QoS %i that the CONNECT gave it [MQTT-3.1.2-9]', (qos) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone', { qos: 2 });
    mqttClient(it, { will: aWill('x', { qos }) }).drop();
    expect(watcher.last('publish')).toMatchObject({ qos, topic: 'gone' });
  });

  test('without will retain is an ordinary message [MQTT-3.1.2-16]', () => {
    const it = newBroker();
    mqttClient(it, { will: aWill('x') }).drop();
    expect(mqttClient(it).subscribe('gone').messages).toEqual([]);
  });

  test('with will retain is retained [MQTT-3.1.2-17]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    mqttClient(it, { will: aWill('x', { qos: 1, retain: true }) }).drop();
    expect(watcher.last('publish')).toMatchObject({ topic: 'gone', retain: false });
    const late = mqttClient(it).subscribe('gone', { qos: 2 });
    expect(late.last('publish')).toMatchObject({ topic: 'gone', retain: true, qos: 1 });
  });

  test('may be empty, and then removes what is retained [MQTT-3.1.2-17] [MQTT-3.3.1-10]', () => {
    const it = newBroker();
    mqttClient(it).publish('gone', 'here', { retain: true });
    mqttClient(it, { will: aWill('', { retain: true }) }).drop();
    expect(mqttClient(it).subscribe('gone').messages).toEqual([]);
  });
});

describe('keep-alive', () => {
  test('a client is cut off one and a half times its keep-alive after its last packet, as if the network had failed [MQTT-3.1.2-24]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    const client = mqttClient(it, { clientId: 'c', keepalive: 10, will: aWill('x') });
    it.clock.advance(8000);
    client.publish('a', 'any packet counts');
    it.clock.advance(14_999);
    expect(client.isClosed).toBe(false);
    it.clock.advance(2000);
    expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
    expect(watcher.messages).toEqual(['gone=x']);
  });

  test('half a packet is no sign of life that lasts for ever [MQTT-3.1.2-24]', () => {
    const it = newBroker();
    const client = mqttClient(it, { keepalive: 10 }).sendBytes(Buffer.from('307f0001', 'hex'));
    it.clock.advance(17_000);
    expect(client.isClosed).toBe(true);
  });

  test('a packet that never ends is none, however steadily it comes [MQTT-3.1.2-24]', () => {
    const it = newBroker();
    const client = mqttClient(it, { keepalive: 10 }).sendBytes(Buffer.from('30ff7f0001', 'hex'));
    for (let i = 0; i < 17; i++) {
      client.sendBytes(raw('a'));
      it.clock.advance(1000);
    }
    expect(client.isClosed).toBe(true);
  });

  test('what the broker sends does not count [MQTT-3.1.2-24]', () => {
    const it = newBroker();
    const client = mqttClient(it, { keepalive: 10 }).subscribe('a');
    const publisher = mqttClient(it);
    for (let i = 0; i < 17; i++) {
      publisher.publish('a', String(i));
      it.clock.advance(1000);
    }
    expect(client.isClosed).toBe(true);
  });

  test('of 0 means none: the session lasts as long as the connection [MQTT-3.1.2-24] [MQTT-4.1.0-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, { keepalive: 0 }).subscribe('a', { qos: 1 });
    it.clock.advance(24 * 3_600_000);
    mqttClient(it).publish('a', 'x', { qos: 1 });
    expect(client.messages).toEqual(['a=x']);
  });
});

describe('leaving', () => {
  test('what follows DISCONNECT is not read, and the broker closes where the client does not [MQTT-3.14.4-1] [MQTT-3.14.4-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const disconnect = Buffer.from('e000', 'hex');
    const client = mqttClient(it).sendBytes(Buffer.concat([disconnect, packetOf(0x31, 'a', raw('x'))]));
    client.publish('a', 'y');
    expect([client.isClosed, client.packets.length, watcher.messages]).toEqual([true, 1, []]);
  });

  test('a clean session leaves nothing behind: no subscription, no message, no packet id [MQTT-3.1.2-6]', () => {
    const it = newBroker();
    const connect = () => mqttClient(it, { clientId: 'c', clean: true });
    const first = connect().subscribe('a', { qos: 2 }).publish('b', 'held', { qos: 2, messageId: 7 });
    const publisher = mqttClient(it).publish('a', 'unacknowledged', { qos: 2 });
    first.drop();
    publisher.publish('a', 'while away', { qos: 1 });
    const watcher = mqttClient(it).subscribe('b');
    const second = connect();
    publisher.publish('a', 'after', { qos: 1 });
    expect(second.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    second.publish('b', 'new', { qos: 2, messageId: 7, dup: true });
    expect(watcher.messages).toEqual(['b=new']);
  });

  test('retained messages stay when the sessions end that published or received them [MQTT-3.1.2-7]', () => {
    const it = newBroker();
    mqttClient(it, { clientId: 'p' }).publish('a', 'kept', { retain: true }).send({ cmd: 'disconnect' });
    mqttClient(it, { clientId: 's' }).subscribe('a').drop();
    mqttClient(it, { clientId: 'p' }).drop();
    expect(mqttClient(it).subscribe('a').messages).toEqual(['a=kept']);
  });
});
