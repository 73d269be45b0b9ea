import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, properties, uint16 } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;
const TOPIC_FILTER_INVALID = 0x8f;
/** Everything is allowed, below $ too. */
const policy = aPolicy({ topics: ['#', '$a/#', '$A/#', '$x/#'] });

describe('filters', () => {
  test.each([
    ['sport/tennis#', '[MQTT5-4.7.1-1]'],
    ['sport/#/ranking', '[MQTT5-4.7.1-1]'],
    ['##', '[MQTT5-4.7.1-1]'],
    ['#/', '[MQTT5-4.7.1-1]'],
    ['sport+', '[MQTT5-4.7.1-2]'],
    ['+a/b', '[MQTT5-4.7.1-2]'],
    ['a/b+/c', '[MQTT5-4.7.1-2]'],
    ['', '[MQTT5-4.7.3-1]'],
    ['$share//a', '[MQTT5-4.8.2-1]'],
    ['$share/g', '[MQTT5-4.8.2-2]'],
    ['$share/g/', '[MQTT5-4.8.2-2]'],
    ['$share/+/a', '[MQTT5-4.8.2-2]'],
    ['$share/g#/a', '[MQTT5-4.8.2-2]'],
    ['$share/g/a#', '[MQTT5-4.7.1-1]'],
  ])('"%s" is none: the subscription fails, the client stays %s', (filter) => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe(filter);
    expect(client.last('suback')?.granted).toEqual([TOPIC_FILTER_INVALID]);
    expect(client.isClosed).toBe(false);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(0);
  });

  test.each([
    ['#', ['a', 'a/b', '/', '/a', 'a/'], ['$a', '$a/b']],
    ['sport/tennis/#', ['sport/tennis', 'sport/tennis/', 'sport/tennis/a/b'], ['sport', 'sport/tennisx']],
    ['+', ['a'], ['/a', 'a/', 'a/b', '$a']],
    ['+/+', ['/finance', 'a/b', '/'], ['a', 'a/b/c', '$a/b']],
    ['/+', ['/finance', '/'], ['finance', '//']],
    ['+/tennis/#', ['a/tennis', '/tennis/b'], ['$x/tennis']],
    ['a/+/c', ['a/b/c', 'a//c'], ['a/c', 'a/b/b/c']],
    ['$a/#', ['$a', '$a/b'], ['a', '$A/b']],
    ['$a/+', ['$a/b', '$a/'], ['$a']],
  ])('%s brings %s, but not %s [MQTT5-4.7.1-1] [MQTT5-4.7.1-2] [MQTT5-4.7.2-1]', (filter, topics, others) => {
    const it = newBroker({ policy });
    const client = mqttClient(it, v5).subscribe(filter);
    const sender = mqttClient(it, v5);
    for (const topic of [...topics, ...others]) sender.publish(topic, '', { qos: 1 });
    expect(sender.received('puback').every(({ reasonCode }) => reasonCode === 0)).toBe(true);
    expect(client.received('publish').map(({ topic }) => topic)).toEqual(topics);
  });

  test('a leading wildcard does not reach retained messages under $ either [MQTT5-4.7.2-1]', () => {
    const it = newBroker({ policy });
    mqttClient(it, v5).publish('$a/b', 'x', { retain: true });
    expect(mqttClient(it, v5).subscribe('#').subscribe('+/b').messages).toEqual([]);
    expect(mqttClient(it, v5).subscribe('$a/+').messages).toEqual(['$a/b=x']);
  });

  test('are compared as they are: case, form and width of letters, spaces and slashes count [MQTT5-4.7.3-4]', () => {
    const it = newBroker();
    const topics = [
      'ACCOUNTS',
      'accounts',
      'café',
      'cafe\u0301',
      'Ａ',
      'A',
      'a b',
      'a  b',
      ' a b',
      '/a',
      'a/',
      'a//b',
      'a/./b',
    ];
    const clients = topics.map((topic) => mqttClient(it, v5).subscribe(topic));
    for (const topic of topics) mqttClient(it, v5).publish(topic, 'x', { retain: true });
    expect(clients.map(({ messages }) => messages)).toEqual(topics.map((topic) => [`${topic}=x`]));
    expect(it.broker.retained.size).toBe(topics.length);
  });
});

describe('the longest topic', () => {
  test('has 65,535 bytes, and is published and subscribed like any other [MQTT5-4.7.3-3]', () => {
    const it = newBroker();
    const topic = 'é'.repeat(32_767) + 'x';
    const client = mqttClient(it, v5).sendBytes(packetOf(0x82, uint16(1), properties(), topic, 0));
    expect(client.last('suback')?.granted).toEqual([0]);
    mqttClient(it, v5).sendBytes(packetOf(0x30, topic, properties()));
    expect(client.last('publish')?.topic).toBe(topic);
  });
});
