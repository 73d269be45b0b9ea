import type { IConnectPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker, type TestBroker } from '../../../testing/index.js';

const v5 = { protocolVersion: 5 } as const;
type Will = NonNullable<IConnectPacket['will']>;
const aWill = (parts: Partial<Will> = {}): Will => ({ topic: 'gone', payload: 'c', qos: 0, retain: false, ...parts });
const aClient = (it: TestBroker, parts: Partial<Will> = {}) =>
  mqttClient(it, { ...v5, clientId: 'c', will: aWill(parts) });

describe('a will', () => {
  test('is kept until the connection is gone without a good-bye, and is then published once [MQTT5-3.1.2-7] [MQTT5-3.1.2-8] [MQTT5-3.1.2-10]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    const client = aClient(it);
    it.clock.advance(3_600_000);
    expect(watcher.messages).toEqual([]);
    client.drop();
    expect(watcher.messages).toEqual(['gone=c']);
    mqttClient(it, { ...v5, clientId: 'c' }).drop();
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test('is discarded by a normal good-bye [MQTT5-3.14.4-3] [MQTT5-3.1.2-10] [MQTT5-3.1.2-8]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    for (const bytes of ['e000', 'e00100', 'e0020000']) {
      const client = aClient(it).sendBytes(Buffer.from(bytes, 'hex'));
      expect(client.isClosed).toBe(true);
    }
    it.clock.advance(3_600_000);
    expect(watcher.messages).toEqual([]);
  });

  test.each([0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99])(
    'is published after a good-bye with reason %i [MQTT5-3.1.2-8]',
    (reasonCode) => {
      const it = newBroker();
      const watcher = mqttClient(it, v5).subscribe('gone');
      const client = aClient(it).send({ cmd: 'disconnect', reasonCode });
      expect(client.isClosed).toBe(true);
      expect(client.received('disconnect')).toEqual([]);
      expect(watcher.messages).toEqual(['gone=c']);
    },
  );

  test('is published when the broker ends the connection, whatever for [MQTT5-3.1.2-8]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    aClient(it, { payload: 'broke the protocol' }).sendBytes(Buffer.from('0000', 'hex'));
    aClient(it, { payload: 'was sent away' });
    it.broker.disconnect('c');
    aClient(it, { payload: 'was taken over' });
    mqttClient(it, { ...v5, clientId: 'c' });
    expect(watcher.messages).toEqual(['gone=broke the protocol', 'gone=was sent away', 'gone=was taken over']);
  });

  test.each([
    [false, []],
    [true, ['gone=c']],
  ])('is retained as it asks: %s [MQTT5-3.1.2-14] [MQTT5-3.1.2-15]', (retain, kept) => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone', { rap: true });
    aClient(it, { retain }).drop();
    expect(watcher.last('publish')).toMatchObject({ retain });
    expect(mqttClient(it, v5).subscribe('gone').messages).toEqual(kept);
  });

  test.each([0, 1, 2] as const)('is published at its QoS: %i', (qos) => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone', { qos: 2 });
    aClient(it, { qos }).drop();
    expect(watcher.last('publish')?.qos).toBe(qos);
  });

  test('carries its properties, user properties in their order [MQTT5-3.1.3-10]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Buffer.from([0, 255]),
      userProperties: { b: ['1', '2'], a: '3' },
    };
    aClient(it, { properties }).drop();
    expect(watcher.last('publish')?.properties).toEqual(properties);
    const [b1, b2, a] = ['b1', 'b2', 'a3'].map((pair) => watcher.wire.indexOf(`\0\x01${pair[0]}\0\x01${pair[1]}`));
    expect(b1! > 0 && b1! < b2! && b2! < a!).toBe(true);
  });
});
