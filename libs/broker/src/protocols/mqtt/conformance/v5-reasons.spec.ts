import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker, type MqttClient } from '../../../testing/index.js';
import { packetOf, packetsIn, uint16 } from '../../../testing/mqtt-bytes.js';

type Command = 'connack' | 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'suback' | 'unsuback' | 'disconnect';

/** What brings a packet that refuses something, and what it says. */
interface Case {
  readonly cmd: Command;
  readonly code: number;
  readonly provoke: (client: MqttClient) => void;
}

const cases: readonly Case[] = [
  { cmd: 'connack', code: 0x86, provoke: () => undefined },
  { cmd: 'puback', code: 0x87, provoke: (client) => client.publish('denied', 'x', { qos: 1 }) },
  { cmd: 'pubrec', code: 0x87, provoke: (client) => client.publish('denied', 'x', { qos: 2 }) },
  { cmd: 'pubrel', code: 0x92, provoke: (client) => client.sendBytes(packetOf(0x50, uint16(9))) },
  { cmd: 'pubcomp', code: 0x92, provoke: (client) => client.sendBytes(packetOf(0x62, uint16(9))) },
  { cmd: 'suback', code: 0x87, provoke: (client) => client.subscribe('denied') },
  { cmd: 'unsuback', code: 0x11, provoke: (client) => client.unsubscribe('never/subscribed') },
  { cmd: 'disconnect', code: 0x82, provoke: (client) => client.sendBytes(packetOf(0xd0)) },
];

interface Asked {
  readonly maximumPacketSize?: number;
  readonly requestProblemInformation?: boolean;
}

interface Answer {
  readonly code: number | undefined;
  readonly reasonString: string | undefined;
  readonly userProperties: unknown;
  readonly bytes: number;
}

/** What the packets have in common that can refuse. */
interface Said {
  readonly reasonCode?: number;
  readonly granted?: readonly number[];
  readonly properties?: { readonly reasonString?: string; readonly userProperties?: unknown };
}

/** The packet that refuses, as a client gets it that has asked for this in its CONNECT. */
function answer({ cmd, provoke }: Case, asked: Asked): Answer {
  const accept = ({ username }: { username: string | null }) =>
    username === 'eve'
      ? ({ accepted: false, refusal: 'bad-credentials' } as const)
      : ({ accepted: true, username } as const);
  const it = newBroker({ policy: aPolicy({ topics: ['allowed'] }), authenticator: { authenticate: accept } });
  const username = cmd === 'connack' ? 'eve' : 'ana';
  const client = mqttClient(it, { protocolVersion: 5, username, properties: asked });
  provoke(client);
  const packet = client.last(cmd) as Said;
  const { reasonString, userProperties } = packet.properties ?? {};
  const bytes = packetsIn(client.wire).at(-1)!.length / 2;
  return { code: packet.granted ? packet.granted[0] : packet.reasonCode, reasonString, userProperties, bytes };
}

describe('a reason', () => {
  test.each(cases.map((each) => [each.cmd, each] as const))('is given in words beside the code: %s', (_cmd, each) => {
    const { code, reasonString } = answer(each, {});
    expect(code).toBe(each.code);
    expect(reasonString).toMatch(/^[A-Z].{10,}\.$/);
  });

  test.each([
    ['CONNACK [MQTT5-3.2.2-19]', 0],
    ['PUBACK [MQTT5-3.4.2-2]', 1],
    ['PUBREC [MQTT5-3.5.2-2]', 2],
    ['PUBREL [MQTT5-3.6.2-2]', 3],
    ['PUBCOMP [MQTT5-3.7.2-2]', 4],
    ['SUBACK [MQTT5-3.9.2-1]', 5],
    ['UNSUBACK [MQTT5-3.11.2-1]', 6],
    ['DISCONNECT [MQTT5-3.14.2-3]', 7],
  ])('is left out where it would make the packet too large for the client, to the byte: %s', (_packet, i) => {
    const each = cases[i]!;
    const whole = answer(each, {});
    expect(answer(each, { maximumPacketSize: whole.bytes })).toEqual(whole);
    const short = answer(each, { maximumPacketSize: whole.bytes - 1 });
    expect([short.code, short.reasonString]).toEqual([each.code, undefined]);
    expect(short.bytes).toBeLessThan(whole.bytes);
  });

  test.each([
    ['PUBACK', 1],
    ['PUBREC', 2],
    ['PUBREL', 3],
    ['PUBCOMP', 4],
    ['SUBACK', 5],
    ['UNSUBACK', 6],
  ])(
    'is left to CONNACK and DISCONNECT where the client wants no problem information: not in %s [MQTT5-3.1.2-29]',
    (_packet, i) => {
      const each = cases[i]!;
      const { code, reasonString, userProperties } = answer(each, { requestProblemInformation: false });
      expect([code, reasonString, userProperties]).toEqual([each.code, undefined, undefined]);
    },
  );

  test('is given where problem information is asked for in so many words', () => {
    expect(answer(cases[1]!, { requestProblemInformation: true }).reasonString).toBeDefined();
  });

  test('is not given for what went well', () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).subscribe('a').unsubscribe('a').publish('a', 'x', { qos: 1 });
    client.publish('a', 'x', { qos: 2, messageId: 9 }).send({ cmd: 'pubrel', messageId: 9 });
    expect(packetsIn(client.wire).slice(1)).toEqual([
      '900400010000',
      'b00400020000',
      '40020003',
      '50020009',
      '70020009',
    ]);
  });

  test.each([
    ['CONNACK [MQTT5-3.2.2-20]', 0],
    ['PUBACK [MQTT5-3.4.2-3]', 1],
    ['PUBREC [MQTT5-3.5.2-3]', 2],
    ['PUBREL [MQTT5-3.6.2-3]', 3],
    ['PUBCOMP [MQTT5-3.7.2-3]', 4],
    ['UNSUBACK [MQTT5-3.11.2-2]', 6],
    ['DISCONNECT [MQTT5-3.14.2-4]', 7],
  ])('comes without user properties, which therefore make no packet too large: %s', (_packet, i) => {
    const each = cases[i]!;
    for (const maximumPacketSize of [undefined, 40, 200]) {
      const { code, userProperties } = answer(each, maximumPacketSize ? { maximumPacketSize } : {});
      expect([code, userProperties]).toEqual([each.code, undefined]);
    }
  });

  test('is given for each refused filter of several in user properties, as far as the client takes them [MQTT5-3.9.2-1] [MQTT5-3.9.2-2] [MQTT5-3.1.2-29]', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['allowed'] }) });
    const suback = (asked: Asked) => {
      const client = mqttClient(it, { protocolVersion: 5, properties: asked });
      client.sendBytes(packetOf(0x82, uint16(1), 0, 'denied', 0, 'allowed', 1, 'a/#/b', 0));
      const { granted, properties } = client.last('suback')!;
      expect(granted).toEqual([0x87, 1, 0x8f]);
      const bytes = packetsIn(client.wire).at(-1)!.length / 2;
      return { bytes, reason: properties?.reasonString, filters: Object.keys(properties?.userProperties ?? {}) };
    };
    const whole = suback({});
    expect([whole.reason, whole.filters]).toEqual([expect.any(String), ['denied', 'a/#/b']]);
    expect(suback({ maximumPacketSize: whole.bytes })).toEqual(whole);
    const shorter = suback({ maximumPacketSize: whole.bytes - 1 });
    expect([shorter.reason, shorter.filters]).toEqual([whole.reason, []]);
    const shortest = suback({ maximumPacketSize: shorter.bytes - 1 });
    expect([shortest.reason, shortest.filters]).toEqual([undefined, []]);
    expect(suback({ requestProblemInformation: false })).toEqual(shortest);
  });
});
