import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker, type MqttClient } from '../../../testing/index.js';

const v5 = { protocolVersion: 5 } as const;
const topic = (n: number) => `plant/line/${n}/temperature`;
const taking = (topicAliasMaximum: number) => ({ ...v5, properties: { topicAliasMaximum } });

/** What a client that keeps its side of the bargain understands: the topic of each message; fails where it cannot know. */
function understood(client: MqttClient): string[] {
  const topics = new Map<number, string>();
  return client.received('publish').map((packet) => {
    const alias = packet.properties?.topicAlias;
    if (alias !== undefined && packet.topic !== '') topics.set(alias, packet.topic);
    return packet.topic === ''
      ? (topics.get(alias as number) ?? expect.fail(`alias ${alias} means nothing`))
      : packet.topic;
  });
}

const aliases = (client: MqttClient) => client.received('publish').map(({ properties }) => properties?.topicAlias);

describe('topic aliases of the broker', () => {
  test.each([undefined, 0])('are not sent to a client whose maximum is %s [MQTT5-3.1.2-27]', (topicAliasMaximum) => {
    const it = newBroker();
    const options = topicAliasMaximum === undefined ? v5 : taking(topicAliasMaximum);
    const client = mqttClient(it, options).subscribe('#');
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 3; i++) sender.publish(topic(1), 'x', { properties: { topicAlias: 1 } });
    expect(client.received('publish').map((packet) => packet.topic)).toEqual(Array(3).fill(topic(1)));
    expect(aliases(client)).toEqual([undefined, undefined, undefined]);
  });

  test.each([1, 2, 5])(
    'are between 1 and the maximum of the client, %i, and always mean the topic [MQTT5-3.1.2-26] [MQTT5-3.3.2-11] [MQTT5-3.3.2-8] [MQTT5-3.3.2-3]',
    (maximum) => {
      const it = newBroker();
      const client = mqttClient(it, taking(maximum)).subscribe('#', { qos: 1 });
      const sender = mqttClient(it, v5);
      const published: string[] = [];
      for (let i = 0; i < 200; i++) {
        published.push(topic((i * i) % 7));
        sender.publish(published[i]!, String(i), { qos: i % 2 === 0 ? 0 : 1 });
      }
      expect(understood(client)).toEqual(published);
      const used = aliases(client).filter((alias) => alias !== undefined);
      expect(used.length).toBeGreaterThan(20);
      expect(used.every((alias) => alias >= 1 && alias <= maximum)).toBe(true);
      expect(client.received('publish').some((packet) => packet.topic === '')).toBe(true);
    },
  );

  test('end with the connection [MQTT5-3.3.2-7]', () => {
    const it = newBroker();
    for (let i = 0; i < 2; i++) {
      const client = mqttClient(it, { ...taking(5), clientId: 'c' }).subscribe('#');
      mqttClient(it, v5).publish(topic(1), 'x').publish(topic(1), 'x');
      expect(understood(client)).toEqual([topic(1), topic(1)]);
    }
  });

  test('never make a packet larger than the client takes [MQTT5-3.1.2-24]', () => {
    const it = newBroker();
    const maximumPacketSize = 60;
    const client = mqttClient(it, { ...v5, properties: { topicAliasMaximum: 5, maximumPacketSize } }).subscribe('#');
    const sender = mqttClient(it, v5);
    for (let length = 1; length < 60; length++) sender.publish(topic(length), 'x'.repeat(length));
    const lengths = client.received('publish').map((packet) => packet.length!);
    expect(Math.max(...lengths) + 2).toBeLessThanOrEqual(maximumPacketSize);
    expect(understood(client)).toEqual(Array.from({ length: lengths.length }, (_, i) => topic(i + 1)));
  });
});
