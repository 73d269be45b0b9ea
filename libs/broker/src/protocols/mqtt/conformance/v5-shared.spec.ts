import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker, type TestBroker } from '../../../testing/index.js';
import { packetOf, properties, uint16 } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;
const member = (it: TestBroker, qos: 0 | 1 | 2 = 2) => mqttClient(it, v5).subscribe('$share/g/a', { qos });

describe('a shared subscription', () => {
  test('delivers at the QoS that each member was granted [MQTT5-4.8.2-3]', () => {
    const it = newBroker();
    const members = ([0, 1, 2] as const).map((qos) => member(it, qos));
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 6; i++) sender.publish('a', String(i), { qos: 2 });
    expect(members.map((client) => client.received('publish').map(({ qos }) => qos))).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test.each(['puback', 'pubrec'] as const)(
    'does not offer to another what a member has refused by %s [MQTT5-4.8.2-6]',
    (cmd) => {
      const it = newBroker();
      const refusing = member(it);
      const sender = mqttClient(it, v5).publish('a', 'x', { qos: cmd === 'puback' ? 1 : 2 });
      const other = member(it);
      refusing.send({ cmd, messageId: refusing.last('publish')!.messageId!, reasonCode: 0x83 });
      it.clock.advance(60_000);
      refusing.drop();
      expect(other.messages).toEqual([]);
      sender.publish('a', 'y');
      expect(other.messages).toEqual(['a=y']);
    },
  );

  test('does not give to another what a member was sent at QoS 2, when that session is over [MQTT5-4.8.2-5]', () => {
    const it = newBroker();
    const [sent, received] = [member(it), member(it)];
    mqttClient(it, v5).publish('a', '1', { qos: 2 }).publish('a', '2', { qos: 2 });
    received.send({ cmd: 'pubrec', messageId: received.last('publish')!.messageId! });
    const staying = member(it);
    sent.drop();
    received.drop();
    it.clock.advance(60_000);
    expect(staying.messages).toEqual([]);
  });

  test('has the identifier that each member gave it, and is replaced like any other [MQTT5-3.3.4-3]', () => {
    const it = newBroker();
    const subscribe = (id: number) => packetOf(0x82, uint16(1), properties(0x0b, id), '$share/g/a', 0);
    const one = mqttClient(it, v5).sendBytes(subscribe(1)).sendBytes(subscribe(2));
    const other = mqttClient(it, v5).sendBytes(subscribe(3));
    mqttClient(it, v5).publish('a', 'x').publish('a', 'x');
    expect([one, other].map((client) => client.received('publish').map(({ properties }) => properties))).toEqual([
      [{ subscriptionIdentifier: 2 }],
      [{ subscriptionIdentifier: 3 }],
    ]);
  });

  test('sends a client its own messages, for No Local is not to be had there [MQTT5-3.8.3-4]', () => {
    const it = newBroker();
    const client = member(it).publish('a', 'own');
    expect(client.messages).toEqual(['a=own']);
  });

  test('keeps the retain flag for members that ask for it, and brings no retained messages', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a', 'old', { retain: true });
    const client = mqttClient(it, v5).subscribe('$share/g/a', { rap: true });
    mqttClient(it, v5).publish('a', 'new', { retain: true });
    expect(client.received('publish').map(({ payload, retain }) => [payload.toString(), retain])).toEqual([
      ['new', true],
    ]);
  });

  test('is ended by the very filter that it was made with, member by member [MQTT5-3.10.4-1]', () => {
    const it = newBroker();
    const [leaving, staying] = [member(it), member(it)];
    leaving.unsubscribe('a').unsubscribe('$share/h/a').unsubscribe('$share/g/a');
    expect(leaving.received('unsuback').map(({ granted }) => granted)).toEqual([[0x11], [0x11], [0]]);
    mqttClient(it, v5).publish('a', '1').publish('a', '2');
    expect([leaving.messages, staying.messages]).toEqual([[], ['a=1', 'a=2']]);
  });
});
