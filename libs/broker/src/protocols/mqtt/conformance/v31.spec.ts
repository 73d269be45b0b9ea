import { describe, expect, test } from 'vitest';
import { MemoryLink } from '../../../links/memory-link.js';
import { MemorySessionStore } from '../../../ports/memory-session-store.js';
import { aPolicy, mqttClient, MqttClient, newBroker, type TestBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, uint16, type PacketPart } from '../../../testing/mqtt-bytes.js';
import { acceptMqtt } from '../accept-mqtt.js';

const CLEAN = 0x02;
const USERNAME = 0x80;
const PASSWORD = 0x40;
const id = uint16(1);
/** CONNECT of 3.1 with these flags and this payload. */
const connectOf = (flags: number, ...payload: PacketPart[]) =>
  packetOf(0x10, 'MQIsdp', 3, flags, uint16(0), ...payload);
/** A client of 3.1 that is connected. */
const oldClient = (it: TestBroker, clientId = 'c') => mqttClient(it, { clientId, protocolVersion: 3 });

async function settled(it: TestBroker): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(setImmediate);
    it.clock.turn();
  }
}

/** A link of a client whose bytes the test writes; tells `log` what it hears, and when it ends. */
function aLink(it: TestBroker, log: string[], name = '') {
  const link = new MemoryLink(
    { received: (bytes) => log.push(`${name}${bytes.toString('hex')}`), ended: () => log.push(`${name}end`) },
    '127.0.0.1',
  );
  acceptMqtt(it.broker, link);
  return {
    say: (bytes: Buffer) => {
      link.deliver(bytes);
      it.clock.turn();
    },
    drop: () => link.disconnect(),
  };
}

describe('CONNECT', () => {
  test.each([
    ['MQIsdp', 3, '20020000'],
    ['MQIsdp', 4, '20020001'],
    ['MQTT', 3, '20020001'],
    ['MQTT', 4, '20020000'],
    ['MQIsdp', 2, '20020001'],
  ])('the protocol name %s with level %i is answered with %s [MQTT31-3.1-1]', (name, level, answer) => {
    const client = new MqttClient(newBroker(), { protocolVersion: 3 });
    client.sendBytes(packetOf(0x10, name, level, CLEAN, uint16(0), 'c'));
    expect([packetsIn(client.wire), client.isClosed]).toEqual([[answer], answer !== '20020000']);
  });

  test.each([
    [1, 'x', 0],
    [23, '\u00e4'.repeat(23), 0],
    [0, '', 2],
    [24, 'x'.repeat(24), 2],
  ])('a client id of %i characters [MQTT31-3.1-2]', (_count, clientId, code) => {
    for (const flags of [0, CLEAN]) {
      const client = new MqttClient(newBroker(), { protocolVersion: 3 }).sendBytes(connectOf(flags, clientId));
      expect([packetsIn(client.wire), client.isClosed]).toEqual([[`2002000${code}`], code !== 0]);
    }
  });

  test.each([
    ['a user name', USERNAME],
    ['a user name and a password', USERNAME | PASSWORD],
  ])('that announces %s and ends before it is let in without [MQTT31-3.1-3]', (_what, flags) => {
    const seen: unknown[] = [];
    const it = newBroker({
      authenticator: {
        authenticate: ({ username, password }) => {
          seen.push([username, password]);
          return { accepted: true, username };
        },
      },
    });
    const client = new MqttClient(it, { protocolVersion: 3 }).sendBytes(connectOf(CLEAN | flags, 'c'));
    expect([packetsIn(client.wire), seen]).toEqual([['20020000'], [[null, null]]]);
  });

  test('ends the older connection of a client id first, then it is answered [MQTT31-3.1-4]', () => {
    const it = newBroker();
    const log: string[] = [];
    aLink(it, log, 'older ').say(connectOf(CLEAN, 'c'));
    aLink(it, log, 'newer ').say(connectOf(CLEAN, 'c'));
    expect(log).toEqual(['older 20020000', 'older end', 'newer 20020000']);
  });

  test('with a password but no user name is closed [MQTT31-3.1-6]', () => {
    const client = new MqttClient(newBroker(), { protocolVersion: 3 }).sendBytes(connectOf(CLEAN | PASSWORD, 'c', 'p'));
    expect([client.isClosed, client.wire.length]).toEqual([true, 0]);
  });
});

describe('packets that are sent again', () => {
  test('PUBREL, SUBSCRIBE and UNSUBSCRIBE may have DUP set [MQTT31-2.1-1]', () => {
    const client = oldClient(newBroker());
    client.sendBytes(packetOf(0x8a, id, 'a', 1)).publish('a', 'x', { qos: 2, messageId: 9 });
    client.sendBytes(packetOf(0x6a, uint16(9))).sendBytes(packetOf(0xaa, id, 'a'));
    const answers = ['20020000', '9003000101', '3206000161000178', '50020009', '70020009', 'b0020001'];
    expect(packetsIn(client.wire)).toEqual(answers);
  });
});

describe('what is not allowed', () => {
  const policy = aPolicy({ effect: 'deny', topics: ['secret/#'] }, { topics: ['#'] });

  test.each([0, 1, 2] as const)(
    'a PUBLISH at QoS %i is acknowledged as any other, and reaches nobody [MQTT31-3.3-1]',
    (qos) => {
      const it = newBroker({ policy });
      const client = oldClient(it);
      client.publish('secret/x', 'y', { qos, messageId: 5, retain: true });
      client.publish('secret/x', 'y', { qos, messageId: 5, dup: qos > 0 });
      if (qos === 2) client.send({ cmd: 'pubrel', messageId: 5 });
      const answers = [[], ['40020005', '40020005'], ['50020005', '50020005', '70020005']][qos]!;
      expect([packetsIn(client.wire).slice(1), client.isClosed]).toEqual([answers, false]);
      expect(it.broker.retained.size).toBe(0);
      expect(it.broker.counters.refusals['not-authorized']).toBeGreaterThan(0);
      it.broker.setPolicy(aPolicy({ topics: ['#'] }));
      expect(mqttClient(it).subscribe('#').messages).toEqual([]);
      client.publish('secret/x', 'allowed now', { qos, messageId: 5 });
      expect(client.isClosed).toBe(false);
    },
  );

  test('a subscription is acknowledged, and brings nothing [MQTT31-3.8-1]', () => {
    const it = newBroker({ policy });
    mqttClient(it, { clientId: 'p' }).publish('open', 'kept', { retain: true });
    const client = oldClient(it).sendBytes(packetOf(0x82, id, 'secret/#', 2, 'open', 1, 'secret/x', 0));
    expect(packetsIn(client.wire)[1]).toBe('90050001' + '020100');
    it.broker.setPolicy(aPolicy({ topics: ['#'] }));
    mqttClient(it).publish('secret/x', 'x');
    expect(client.messages).toEqual(['open=kept']);
    expect(it.broker.counters.refusals['not-authorized']).toBe(2);
  });
});

describe('QoS 2', () => {
  test('is passed on once, at the latest when it is released [MQTT31-4.1-1]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a', { qos: 2 });
    const client = oldClient(it).publish('a', 'x', { qos: 2, messageId: 9 });
    client.publish('a', 'x', { qos: 2, messageId: 9, dup: true }).send({ cmd: 'pubrel', messageId: 9 });
    client.sendBytes(packetOf(0x6a, uint16(9)));
    expect(packetsIn(client.wire).slice(1)).toEqual(['50020009', '50020009', '70020009', '70020009']);
    expect(watcher.messages).toEqual(['a=x']);
  });
});

describe('a session that is resumed', () => {
  test('is not told of, and gets again what it has not acknowledged [MQTT31-3.2-1] [MQTT31-4.1-2]', async () => {
    const it = newBroker({ sessionStore: new MemorySessionStore() });
    await it.broker.start();
    const log: string[] = [];
    const first = aLink(it, log);
    first.say(connectOf(0, 'c'));
    await settled(it);
    first.say(packetOf(0x82, id, 'a', 2));
    await settled(it);
    mqttClient(it).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 2 }).publish('a', '3', { qos: 2 });
    await settled(it);
    first.say(packetOf(0x50, uint16(2)));
    await settled(it);
    expect(packetsIn(Buffer.from(log.join(''), 'hex'))).toEqual([
      ...['20020000', '9003000102', '3206000161000131', '3406000161000232', '3406000161000333', '62020002'],
    ]);
    first.drop();
    log.length = 0;
    const second = aLink(it, log);
    second.say(connectOf(0, 'c'));
    await settled(it);
    const came = packetsIn(Buffer.from(log.join(''), 'hex'));
    expect(came[0]).toBe('20020000');
    expect(came.slice(1).toSorted()).toEqual(['3a06000161000131', '3c06000161000333', '62020002']);
  });
});
