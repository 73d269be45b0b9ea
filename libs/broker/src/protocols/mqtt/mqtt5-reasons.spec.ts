import type { Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { BrokerOptions } from '../../broker-options.js';
import { KICK_CODES } from '../../parting.js';
import { aPolicy, mqttClient, newBroker, type MqttClient, type MqttClientOptions } from '../../testing/index.js';
import { reasonTexts } from './reason-texts.js';

const v5 = { protocolVersion: 5 } as const;
const wanting = (requestProblemInformation: boolean): MqttClientOptions => ({
  ...v5,
  properties: { requestProblemInformation },
});
const subscription = (topic: string) => ({ topic, qos: 0 as const, nl: false, rap: false, rh: 0 });

/** A client to which the broker says no in every packet that can, all but the last on an open connection. */
function refusedEverywhere(options: MqttClientOptions, broker: Partial<BrokerOptions> = {}): MqttClient {
  const it = newBroker({ policy: aPolicy({ topics: ['mine'] }), ...broker });
  const client = mqttClient(it, options);
  client.publish('secret', 'x', { qos: 1 }).publish('secret', 'x', { qos: 2 });
  client.send({ cmd: 'pubrel', messageId: 99 });
  client.send({ cmd: 'pubrec', messageId: 98 });
  client.send({ cmd: 'subscribe', messageId: 7, subscriptions: ['mine', 'secret/#'].map(subscription) });
  client.unsubscribe('never');
  return client.sendBytes(Buffer.from([0xc0, 1, 0]));
}

const reasonOf = (packet: Packet | undefined) =>
  (packet as { properties?: { reasonString?: string } }).properties?.reasonString;

describe('reasons in words', () => {
  test('come with every refusal', () => {
    const client = refusedEverywhere(v5);
    expect(reasonOf(client.last('puback'))).toBe(reasonTexts['not-authorized']);
    expect(reasonOf(client.last('pubrec'))).toBe(reasonTexts['not-authorized']);
    expect(reasonOf(client.last('pubcomp'))).toMatch(/packet id/);
    expect(reasonOf(client.last('pubrel'))).toMatch(/packet id/);
    expect(reasonOf(client.last('suback'))).toBe(reasonTexts['not-authorized']);
    expect(reasonOf(client.last('unsuback'))).toMatch(/no subscription/);
    expect(reasonOf(client.last('disconnect'))).toBe(reasonTexts['malformed-packet']);
  });

  test('of a SUBSCRIBE with several filters name each that was refused', () => {
    const client = refusedEverywhere(v5);
    expect(client.last('suback')).toMatchObject({
      granted: [0, 0x87],
      properties: { userProperties: { 'secret/#': reasonTexts['not-authorized'] } },
    });
  });

  test('come with CONNACK and DISCONNECT only, where the client wants no others [MQTT5-3.1.2-29]', () => {
    const client = refusedEverywhere(wanting(false));
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback'] as const) {
      expect(client.last(cmd)).toBeDefined();
      expect((client.last(cmd) as { properties?: object }).properties).toBeUndefined();
    }
    expect(reasonOf(client.last('disconnect'))).toBe(reasonTexts['malformed-packet']);
    const refused = mqttClient(newBroker(), { ...wanting(false), clientId: '$mine' });
    expect(reasonOf(refused.last('connack'))).toBe(reasonTexts['invalid-client-id']);
  });

  test('are left out where the packet would be larger than the client takes [MQTT5-3.4.2-2] [MQTT5-3.5.2-2] [MQTT5-3.6.2-2] [MQTT5-3.7.2-2] [MQTT5-3.9.2-1] [MQTT5-3.9.2-2] [MQTT5-3.11.2-1] [MQTT5-3.14.2-3]', () => {
    const seen = new Set<string>();
    for (let maximumPacketSize = 24; maximumPacketSize < 300; maximumPacketSize += 3) {
      const client = refusedEverywhere({ ...v5, properties: { maximumPacketSize } });
      for (const packet of client.packets) {
        expect(2 + (packet.length ?? 0)).toBeLessThanOrEqual(maximumPacketSize);
        seen.add(`${packet.cmd} ${reasonOf(packet) === undefined ? 'bare' : 'explained'}`);
      }
    }
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback', 'disconnect']) {
      expect([...seen]).toEqual(expect.arrayContaining([`${cmd} bare`, `${cmd} explained`]));
    }
  });

  test('of a CONNECT that is refused are left out where they do not fit [MQTT5-3.2.2-19]', () => {
    const refused = (maximumPacketSize: number) =>
      mqttClient(newBroker(), { ...v5, clientId: '$mine', properties: { maximumPacketSize } }).last('connack');
    expect(reasonOf(refused(30))).toBeUndefined();
    expect(refused(30)?.reasonCode).toBe(0x85);
    expect(reasonOf(refused(300))).toBe(reasonTexts['invalid-client-id']);
    expect(refused(4)).toBeUndefined();
  });

  test('never tell what rules there are, and fit into one byte of length', () => {
    for (const text of Object.values(reasonTexts)) {
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(text).not.toMatch(/deny|denied by|rule \d|r1/);
      expect(text.length).toBeLessThanOrEqual(110);
    }
  });
});

describe('another server', () => {
  const elsewhere = { serverReference: 'mqtt2.example.com:1883' };

  test('is named when this one goes down [MQTT5 4.11]', async () => {
    const it = newBroker(elsewhere);
    const client = mqttClient(it, v5);
    const small = mqttClient(it, { ...v5, properties: { maximumPacketSize: 24 } });
    const old = mqttClient(it);
    await it.broker.close();
    const disconnect = { reasonCode: 0x9c, properties: elsewhere };
    expect(client.last('disconnect')).toMatchObject(disconnect);
    expect(small.last('disconnect')).toMatchObject({ reasonCode: 0x9c });
    expect(small.last('disconnect')?.properties).toBeUndefined();
    expect(old.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
  });

  test.each(KICK_CODES)('is named to a client that is sent to it, and not with another code: 0x%x', (reasonCode) => {
    const it = newBroker(elsewhere);
    const client = mqttClient(it, { ...v5, clientId: 'c' });
    const old = mqttClient(it, { clientId: 'old' });
    for (const clientId of ['c', 'old']) it.broker.disconnect(clientId, 'administrative-action', { reasonCode });
    const isSentThere = reasonCode === 0x9c || reasonCode === 0x9d;
    const { reasonString } = client.last('disconnect')?.properties ?? {};
    expect(reasonString).toBe('An operator has ended the connection.');
    expect(client.last('disconnect')).toMatchObject({ reasonCode });
    expect(client.last('disconnect')?.properties).toEqual({ ...(isSentThere && elsewhere), reasonString });
    expect([old.packets.map(({ cmd }) => cmd), old.isClosed]).toEqual([['connack'], true]);
  });

  test('is not named for what it would refuse as well', () => {
    const client = refusedEverywhere(v5, elsewhere);
    expect(client.last('disconnect')?.reasonCode).toBe(0x81);
    expect(client.last('disconnect')?.properties?.serverReference).toBeUndefined();
  });
});

describe('response information', () => {
  const asking = { ...v5, properties: { requestResponseInformation: true } };
  const connackOf = (options: MqttClientOptions, prefix?: string) =>
    mqttClient(newBroker(prefix === undefined ? {} : { responseTopicPrefix: prefix }), options).last('connack');

  test("is the operator's prefix with the client in it, for who asks", () => {
    const client = { ...asking, clientId: 'pump-7', username: 'joy' };
    expect(connackOf(client, 'responses/%c/')?.properties?.responseInformation).toBe('responses/pump-7/');
    expect(connackOf(client, '%u/answers/%c')?.properties?.responseInformation).toBe('joy/answers/pump-7');
  });

  test('is not sent to who does not ask, or says no [MQTT5-3.1.2-28]', () => {
    expect(connackOf(v5, 'responses/%c')?.properties?.responseInformation).toBeUndefined();
    const no = { ...v5, properties: { requestResponseInformation: false } };
    expect(connackOf(no, 'responses/%c')?.properties?.responseInformation).toBeUndefined();
    expect(connackOf({ ...asking, protocolVersion: 4 }, 'responses/%c')?.returnCode).toBe(0);
  });

  test('is not there where the operator gives no prefix, or the client makes no topic of it', () => {
    expect(connackOf(asking)?.properties?.responseInformation).toBeUndefined();
    expect(connackOf({ ...asking, clientId: 'a/#' }, 'responses/%c')?.properties?.responseInformation).toBeUndefined();
    expect(connackOf(asking, 'responses/%u')?.properties?.responseInformation).toBeUndefined();
  });
});

describe('what CONNACK says of the broker', () => {
  test('is what differs from what the specification supposes', () => {
    const limits = { receiveMaximum: 7, packetBytes: 5000, topicAliasMaximum: 3 };
    expect(mqttClient(newBroker({ limits }), v5).last('connack')?.properties).toEqual({
      receiveMaximum: 7,
      maximumPacketSize: 5000,
      topicAliasMaximum: 3,
    });
  });
});
