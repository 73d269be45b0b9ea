import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, raw, uint16 } from '../../../testing/mqtt-bytes.js';

const id = uint16(1);

describe('SUBSCRIBE', () => {
  test('is answered with a SUBACK of its packet id, which has a code for each filter in their order [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.9.3-1]', () => {
    const it = newBroker({ policy: aPolicy({ effect: 'deny', topics: ['secret/#'] }, { topics: ['#'] }) });
    const packet = packetOf(0x82, uint16(258), 'a', 2, 'secret/x', 1, 'b', 0, 'c/#', 1, '$share/g/a', 2, 'secret/y', 0);
    const client = mqttClient(it).sendBytes(packet);
    expect(packetsIn(client.wire).slice(1)).toEqual(['90080102028000010280']);
  });

  test('has no codes but 0, 1, 2 and 0x80, whatever the reason [MQTT-3.9.3-2]', () => {
    const it = newBroker({
      limits: { subscriptionsPerSession: 3, topicLevels: 4 },
      policy: aPolicy({ topics: ['a/#'] }),
    });
    const filters = ['a/1', 'a/2', 'b', 'a/1/2/3/4/5', '$SYS/#', 'a/3', 'a/4', 'a/5', 'a/#', '#'];
    const packet = packetOf(0x82, id, ...filters.flatMap((filter) => [filter, 2]));
    const suback = packetsIn(mqttClient(it).sendBytes(packet).wire)[1];
    expect(suback).toBe('900c0001' + '0202808080' + '0280808080');
  });

  test('serves wildcards [MQTT-3.8.3-2]', () => {
    const client = mqttClient(newBroker()).subscribe('a/+/c').subscribe('b/#').subscribe('#').subscribe('+');
    expect(client.received('suback').map(({ granted }) => granted)).toEqual(Array(4).fill([0]));
  });

  test.each([
    ['no filter [MQTT-3.8.3-3]', packetOf(0x82, id)],
    ['a QoS of 3 [MQTT-3.8.3-4]', packetOf(0x82, id, 'a', 3)],
    ['a reserved bit [MQTT-3.8.3-4]', packetOf(0x82, id, 'a', 0x04)],
    ['the highest reserved bit [MQTT-3.8.3-4]', packetOf(0x82, id, 'a', 0x81)],
    ['what MQTT 5 calls No Local and Retain Handling [MQTT-3.8.3-4]', packetOf(0x82, id, 'a', 0x24)],
    ['a QoS of 3 for its second filter [MQTT-3.8.3-4]', packetOf(0x82, id, 'a', 0, 'b', 3)],
    ['an empty filter [MQTT-4.7.3-1]', packetOf(0x82, id, '', 0)],
    ['# before the end [MQTT-4.7.1-2]', packetOf(0x82, id, 'a/#/b', 0)],
    ['# that is not a whole level [MQTT-4.7.1-2]', packetOf(0x82, id, 'a#', 0)],
    ['## [MQTT-4.7.1-2]', packetOf(0x82, id, '##', 0)],
    ['+ that is not a whole level [MQTT-4.7.1-3]', packetOf(0x82, id, 'a/b+', 0)],
    ['++ [MQTT-4.7.1-3]', packetOf(0x82, id, '++/a', 0)],
  ])('with %s ends the connection', (_what, packet) => {
    const client = mqttClient(newBroker()).sendBytes(packet);
    expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
  });

  test('of the same filter again replaces the subscription: the new QoS counts, and messages come once [MQTT-3.8.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it)
      .subscribe('a/+', { qos: 2 })
      .subscribe('a/+', { qos: 0 })
      .subscribe('a/+', { qos: 1 });
    mqttClient(it).publish('a/b', 'x', { qos: 2 });
    expect(client.received('publish').map(({ qos }) => qos)).toEqual([1]);
    client.unsubscribe('a/+');
    mqttClient(it).publish('a/b', 'y');
    expect(client.messages).toEqual(['a/b=x']);
  });

  test('of the same filter again brings retained messages again, and what is on its way goes on [MQTT-3.8.4-3]', () => {
    const it = newBroker({ limits: { inFlightPerSession: 2 } });
    const publisher = mqttClient(it).publish('a', 'kept', { qos: 1, retain: true });
    const client = mqttClient(it).subscribe('a', { qos: 1 });
    for (const n of [1, 2, 3]) publisher.publish('a', String(n), { qos: 1 });
    client.subscribe('a', { qos: 1 });
    for (const n of [4, 5]) publisher.publish('a', String(n), { qos: 1 });
    for (let n = 0; n < client.received('publish').length; n++) {
      client.send({ cmd: 'puback', messageId: client.received('publish')[n]!.messageId });
    }
    const came = client
      .received('publish')
      .map(({ payload, retain }) => `${payload.toString()}${retain ? ' (kept)' : ''}`);
    expect(came.filter((text) => text === 'kept (kept)')).toHaveLength(2);
    expect(came.filter((text) => text.length === 1)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('with several filters is as one after another, answered together, also where one comes twice [MQTT-3.8.4-4]', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'kept', { retain: true });
    const client = mqttClient(it).sendBytes(packetOf(0x82, id, 'a', 2, 'b', 1, 'a', 0));
    expect(packetsIn(client.wire)[1]).toBe('90050001020100');
    expect(client.last('publish')).toMatchObject({ topic: 'a', retain: true, qos: 0 });
    const before = client.messages.length;
    mqttClient(it).publish('a', 'x', { qos: 2 }).publish('b', 'y', { qos: 2 });
    expect(
      client
        .received('publish')
        .slice(before)
        .map(({ topic, qos }) => [topic, qos]),
    ).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });
});

describe('UNSUBSCRIBE', () => {
  test('is answered with an UNSUBACK of its packet id, also where there was nothing [MQTT-3.10.4-4] [MQTT-3.10.4-5]', () => {
    const client = mqttClient(newBroker()).sendBytes(packetOf(0xa2, uint16(772), 'never'));
    expect(packetsIn(client.wire).slice(1)).toEqual(['b0020304']);
  });

  test('without a filter ends the connection [MQTT-3.10.3-2]', () => {
    const client = mqttClient(newBroker()).sendBytes(packetOf(0xa2, id));
    expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
  });

  test('removes the filter that is equal character by character, and no other [MQTT-3.10.4-1]', () => {
    const it = newBroker();
    const filters = ['a/b', 'A/b', 'a/+', 'a/#', '+/b', 'a/b/', '#'];
    const client = mqttClient(it);
    for (const filter of filters) client.subscribe(filter);
    client.unsubscribe('a/+').unsubscribe('a/c').unsubscribe('+/+').unsubscribe('a/b/#').unsubscribe('#/');
    mqttClient(it).publish('a/x', '1');
    expect(client.messages).toEqual(['a/x=1']);
    for (const filter of ['a/b', 'A/b', 'a/#', '+/b', 'a/b/', '#']) client.unsubscribe(filter);
    mqttClient(it).publish('a/b', '2').publish('a/x', '2');
    expect(client.messages).toEqual(['a/x=1']);
  });

  test('adds nothing new for delivery, and leaves what other filters bring [MQTT-3.10.4-2]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a').subscribe('+').unsubscribe('a');
    mqttClient(it).publish('a', '1');
    client.unsubscribe('+');
    mqttClient(it).publish('a', '2');
    expect(client.messages).toEqual(['a=1']);
  });

  test('leaves deliveries that have begun to be completed [MQTT-3.10.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 2 }).publish('a', '3', { qos: 2 });
    client.send({ cmd: 'pubrec', messageId: 2 }).unsubscribe('a');
    client.send({ cmd: 'puback', messageId: 1 }).send({ cmd: 'pubcomp', messageId: 2 });
    client.send({ cmd: 'pubrec', messageId: 3 });
    expect(client.last('pubrel')?.messageId).toBe(3);
    client.send({ cmd: 'pubcomp', messageId: 3 });
    expect(client.isClosed).toBe(false);
    const subscribed = client.subscribe('a', { qos: 1 });
    mqttClient(it).publish('a', '4', { qos: 1 });
    expect(subscribed.messages).toEqual(['a=1', 'a=2', 'a=3', 'a=4']);
  });

  test('with several filters is as one after another, answered together [MQTT-3.10.4-6]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a').subscribe('b').subscribe('c');
    client.sendBytes(packetOf(0xa2, uint16(9), 'a', 'never', 'c', 'a'));
    expect(packetsIn(client.wire).at(-1)).toBe('b0020009');
    mqttClient(it).publish('a', '1').publish('b', '1').publish('c', '1');
    expect(client.messages).toEqual(['b=1']);
  });
});

describe('PINGREQ', () => {
  test('is answered with PINGRESP, each [MQTT-3.12.4-1]', () => {
    const client = mqttClient(newBroker()).sendBytes(Buffer.from('c000c000', 'hex'));
    expect(packetsIn(client.wire).slice(1)).toEqual(['d000', 'd000']);
  });
});

describe('topics and filters', () => {
  test.each([
    [
      'sport/tennis/player1/#',
      ['sport/tennis/player1', 'sport/tennis/player1/ranking'],
      ['sport/tennis/player10', 'sport/tennis'],
    ],
    ['sport/#', ['sport', 'sport/'], ['sports', '/sport']],
    ['#', ['a', '/', '//', 'a/b/c'], []],
    ['+', ['a', 'b'], ['/a', 'a/', 'a/b', '/']],
    ['+/+', ['/finance', '/', 'a/b', 'a/'], ['finance', '//']],
    ['/+', ['/finance', '/'], ['finance', '//']],
    ['sport/+/player1', ['sport/tennis/player1', 'sport//player1'], ['sport/player1', 'sport/a/b/player1']],
    ['+/tennis/#', ['sport/tennis', '/tennis', 'a/tennis/b/c'], ['tennis']],
    ['a//b', ['a//b'], ['a/b', 'a///b']],
  ])('the filter %s [MQTT-4.7.1-2] [MQTT-4.7.1-3]', (filter, matching, others) => {
    const it = newBroker();
    const client = mqttClient(it).subscribe(filter);
    const publisher = mqttClient(it);
    for (const topic of [...matching, ...others]) publisher.publish(topic, 'x');
    expect(client.messages).toEqual(matching.map((topic) => `${topic}=x`));
  });

  test('a filter that begins with a wildcard does not reach topics that begin with $, live or retained [MQTT-4.7.2-1]', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['#', '$own/#'] }) });
    const publisher = mqttClient(it).publish('$own/a', 'kept', { retain: true });
    const wild = ['#', '+/a', '+/#', '+/+'].map((filter) => mqttClient(it).subscribe(filter));
    const named = ['$own/#', '$own/+', '$own/a'].map((filter) => mqttClient(it).subscribe(filter));
    publisher.publish('$own/a', 'live');
    for (const client of wild) expect(client.messages).toEqual([]);
    for (const client of named) expect(client.messages).toEqual(['$own/a=kept', '$own/a=live']);
  });

  test('nothing is normalized: neither case, nor composed characters, nor slashes, nor spaces [MQTT-4.7.3-4]', () => {
    const it = newBroker();
    const topics = [
      'ACCOUNTS',
      'Accounts',
      'caf\u00e9',
      'cafe\u0301',
      '/a',
      'a',
      'a/',
      'a//',
      ' a',
      'a ',
      '\ufffd',
      '\ufb01',
      'fi',
      '\u200ba',
    ];
    const clients = topics.map((topic) => mqttClient(it).subscribe(topic));
    const publisher = mqttClient(it);
    for (const topic of topics) publisher.publish(topic, 'x', { retain: true });
    expect(clients.map(({ messages }) => messages)).toEqual(topics.map((topic) => [`${topic}=x`]));
    expect(it.broker.retained.size).toBe(topics.length);
  });

  test('may be as long as their length can say, 65,535 bytes [MQTT-4.7.3-3]', () => {
    const it = newBroker();
    const topic = '\u6c34'.repeat(21_845);
    const client = mqttClient(it).subscribe(topic, { qos: 1 });
    client.publish(topic, 'x', { qos: 1 });
    expect(client.messages).toEqual([`${topic}=x`]);
    expect(client.last('puback')).toBeDefined();
  });

  test.each(['a', '\u00e4', '\u{1f321}', '/', '//', 'a b', 'a\tb'])('may be %j', (topic) => {
    const client = mqttClient(newBroker()).subscribe(topic).publish(topic, 'x');
    expect(client.messages).toEqual([`${topic}=x`]);
  });

  test('bytes after a whole packet begin the next one', () => {
    const client = mqttClient(newBroker()).subscribe('a');
    client.sendBytes(Buffer.concat([packetOf(0x30, 'a', raw('1')), packetOf(0x30, 'a', raw('2'))]));
    expect(client.messages).toEqual(['a=1', 'a=2']);
  });
});
