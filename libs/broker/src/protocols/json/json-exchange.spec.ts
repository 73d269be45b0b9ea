import { describe, expect, test } from 'vitest';
import type { RetainedStore } from '../../ports/retained-store.js';
import { aPolicy, JsonClient, jsonClient, mqttClient, newBroker } from '../../testing/index.js';

describe('one topic space', () => {
  test('JSON publishes reach MQTT subscribers and the other way round', () => {
    const it = newBroker();
    const json = jsonClient(it).subscribe('a/#');
    const mqtt = mqttClient(it).subscribe('a/#');
    json.publish('a/json', 'from json');
    mqtt.publish('a/mqtt', 'from mqtt', { qos: 1 });
    expect(json.messages).toEqual(['a/json=from json', 'a/mqtt=from mqtt']);
    expect(mqtt.messages).toEqual(json.messages);
  });

  test('what is not UTF-8 travels as base64, what is as text, both ways', () => {
    const it = newBroker();
    const json = jsonClient(it).subscribe('#');
    const mqtt = mqttClient(it).subscribe('#');
    mqtt.send({
      cmd: 'publish',
      topic: 'bin',
      payload: Buffer.from([0, 0xff, 0x80]),
      qos: 0,
      dup: false,
      retain: false,
    });
    mqtt.send({ cmd: 'publish', topic: 'text', payload: Buffer.from('ä\u2028"\0'), qos: 0, dup: false, retain: false });
    json.publish('bin', 'AP+A', { encoding: 'base64' }).publish('empty', '');
    expect(json.deliveries).toEqual([
      { topic: 'bin', payload: 'AP+A', encoding: 'base64' },
      { topic: 'text', payload: 'ä\u2028"\0' },
      { topic: 'bin', payload: 'AP+A', encoding: 'base64' },
      { topic: 'empty', payload: '' },
    ]);
    expect(mqtt.received('publish')[2]?.payload).toEqual(Buffer.from([0, 0xff, 0x80]));
  });

  test('a retained message is replayed with its flag, after the result, and live ones come without', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'kept', { retain: true });
    const json = jsonClient(it).subscribe('a');
    expect(json.frames.slice(2)).toEqual([
      { type: 'result', id: 2, ok: true, results: [{ filter: 'a' }] },
      { type: 'messages', messages: [{ topic: 'a', payload: 'kept', retain: true }] },
    ]);
    json.publish('a', 'new', { retain: true });
    expect(json.deliveries.at(-1)).toEqual({ topic: 'a', payload: 'new' });
    expect(mqttClient(it).subscribe('a').messages).toEqual(['a=new']);
  });

  test.each([
    [0, 2],
    [1, 1],
    [2, 0],
  ] as const)('retainHandling %i replays at %i of two subscribes', (retainHandling, times) => {
    const it = newBroker();
    mqttClient(it).publish('a', 'kept', { retain: true });
    const wanted = { filter: 'a', retainHandling };
    expect(jsonClient(it).subscribe(wanted).subscribe(wanted).deliveries).toHaveLength(times);
  });
});

describe('batches', () => {
  test('all deliveries of one turn travel in one frame, in order, around the answers', () => {
    const it = newBroker();
    const json = jsonClient(it).subscribe('#');
    const publisher = {
      clientId: 'p',
      grants: it.broker.policy.grantsFor({ clientId: 'p', username: null, address: null }, 0),
    };
    for (let i = 0; i < 3; i++) {
      it.broker.publish(publisher, {
        topic: `t/${i}`,
        payload: Buffer.from(`${i}`),
        qos: 0,
        retain: false,
        properties: null,
        publisher: 'p',
        receivedAt: 0,
        expiresAt: null,
      });
    }
    it.clock.turn();
    expect(json.texts.at(-1)).toBe(
      '{"type":"messages","messages":[{"topic":"t/0","payload":"0"},{"topic":"t/1","payload":"1"},{"topic":"t/2","payload":"2"}]}',
    );
    json.publish('own', 'x');
    expect(json.frames.slice(-2)).toEqual([
      { type: 'messages', messages: [{ topic: 'own', payload: 'x' }] },
      { type: 'result', id: 3, ok: true },
    ]);
  });

  test('a client whose filters overlap gets one copy', () => {
    const it = newBroker();
    const json = jsonClient(it).subscribe('#', 'a/+', 'a/b');
    mqttClient(it).publish('a/b', '1');
    expect(json.messages).toEqual(['a/b=1']);
  });
});

test('a shared subscription brings one of its members each message, besides what other filters bring, and nothing retained', () => {
  const it = newBroker();
  mqttClient(it).publish('a/kept', 'kept', { retain: true });
  const one = jsonClient(it).subscribe('$share/g/a/+');
  const other = jsonClient(it).subscribe('$share/g/a/+', 'a/0');
  for (const index of [0, 1, 2, 3]) mqttClient(it).publish(`a/${index}`, '');
  const topics = [...one.messages, ...other.messages].sort();
  expect(topics).toEqual(['a/0=', 'a/0=', 'a/1=', 'a/2=', 'a/3=']);
  expect(other.messages).toContain('a/0=');
});

describe('refusals', () => {
  test('each filter has its own answer', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['own/%c/#'] }) });
    const client = jsonClient(it, { clientId: 'c' }).subscribe('own/c/#', 'own/d', 'a/#/b', '$share/g');
    expect(client.last('result')).toMatchObject({
      ok: false,
      results: [
        { filter: 'own/c/#' },
        { filter: 'own/d', error: { code: 'not-authorized' } },
        { filter: 'a/#/b', error: { code: 'invalid-filter' } },
        { filter: '$share/g', error: { code: 'invalid-filter' } },
      ],
    });
    expect([...it.broker.sessions.get('c')!.subscriptions.keys()]).toEqual(['own/c/#']);
  });

  test('a refused publish is answered, with or without an id, reaches nobody, and the client stays', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }) });
    const watcher = mqttClient(it).subscribe('#');
    const client = jsonClient(it).publish('door', 'open', { qos: 1 }).publish('door', 'open', { id: undefined });
    expect(client.frames.slice(2)).toMatchObject([
      { type: 'result', id: 2, ok: false, error: { code: 'not-authorized' } },
      { type: 'result', id: null, ok: false, error: { code: 'not-authorized' } },
    ]);
    expect([watcher.messages, client.isClosed, it.broker.counters.refusals['not-authorized']]).toEqual([[], false, 2]);
  });

  test.each(['', 'a/+', '#', 'a\0', 'a'.repeat(65_536)])('%j is not a topic to publish to', (topic) => {
    const client = jsonClient(newBroker()).publish(topic, '');
    expect(client.last('result')).toMatchObject({ id: 2, ok: false, error: { code: 'invalid-topic' } });
  });

  test('nobody but the broker publishes under $SYS', () => {
    const client = jsonClient(newBroker()).publish('$SYS/broker/connection/clients/x', '{}');
    expect(client.last('result')?.error?.code).toBe('not-authorized');
  });

  test('a wrong field is answered and named; the client stays', () => {
    const client = jsonClient(newBroker()).sendText('{"type":"publish","id":7,"topic":"a","payload":"","qos":3}');
    expect(client.last('result')).toEqual({
      type: 'result',
      id: 7,
      ok: false,
      error: { code: 'invalid-frame', message: 'qos: must be 0 or 1' },
    });
    expect(client.isClosed).toBe(false);
  });

  test.each(['hello', '[]', '{"type":"connect"}'])('%s is told what is expected, and closed', (text) => {
    const client = jsonClient(newBroker()).sendText(text);
    expect(client.last('result')).toMatchObject({ id: null, ok: false, error: { code: 'invalid-frame' } });
    expect(client.closedWith?.code).toBe(4400);
  });

  test('a frame over the limit closes; before the bind the limit is a smaller one', () => {
    const it = newBroker({ limits: { packetBytes: 1000, connectPacketBytes: 200 } });
    const long = (length: number) => ['a', 'x'.repeat(length)] as const;
    expect(jsonClient(it).publish(...long(1000)).closedWith?.code).toBe(4413);
    expect(jsonClient(it).publish(...long(500)).isClosed).toBe(false);
    expect(new JsonClient(it).publish(...long(500)).closedWith?.code).toBe(4413);
  });

  test('subscriptions beyond the limit of a session are refused', () => {
    const client = jsonClient(newBroker({ limits: { subscriptionsPerSession: 1 } })).subscribe('a', 'b');
    expect(client.last('result')?.results).toMatchObject([{ filter: 'a' }, { error: { code: 'quota-exceeded' } }]);
  });
});

describe('a change of the policy', () => {
  test('takes exactly the lost subscriptions, says so, and later publishes are judged by it', () => {
    const it = newBroker();
    const client = jsonClient(it, { clientId: 'c' }).subscribe('a', 'b');
    const other = jsonClient(it).subscribe('b');
    const lost = it.broker.setPolicy(aPolicy({ topics: ['b'] }));
    it.clock.turn();
    expect(lost).toMatchObject([{ clientId: 'c', topic: 'a', ruleId: null }]);
    expect(client.last('revoked')).toEqual({ type: 'revoked', filters: ['a'] });
    expect(other.last('revoked')).toBeUndefined();
    client.publish('a', '1').publish('b', '2');
    expect(client.messages).toEqual(['b=2']);
    expect(client.isClosed).toBe(false);
  });

  test('an exclusion keeps matching messages away, live and retained', () => {
    const it = newBroker({
      policy: aPolicy({ effect: 'deny', access: 'sub', topics: ['plant/secret/#'] }, { topics: ['#'] }),
    });
    mqttClient(it).publish('plant/secret/a', '1', { retain: true }).publish('plant/open', '2', { retain: true });
    const client = jsonClient(it).subscribe('plant/#');
    mqttClient(it).publish('plant/secret/b', '3').publish('plant/x', '4');
    expect(client.messages).toEqual(['plant/open=2', 'plant/x=4']);
  });
});

describe('what an answer promises', () => {
  function slowStore(): RetainedStore & { settle(error?: Error): Promise<void> } {
    const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
    return {
      load: () => Promise.resolve(),
      keep: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
      close: () => Promise.resolve(),
      settle: async (error) => {
        for (const { resolve, reject } of waiting.splice(0)) {
          if (error) reject(error);
          else resolve();
        }
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  }

  test('a retained QoS 1 publish is answered after its commit, QoS 0 at once', async () => {
    const retainedStore = slowStore();
    const it = newBroker({ retainedStore });
    const client = jsonClient(it).publish('a', '1', { qos: 1, retain: true }).publish('b', '2', { retain: true });
    expect(client.last('result')?.id).toBe(3);
    await retainedStore.settle();
    it.clock.turn();
    expect(client.last('result')).toEqual({ type: 'result', id: 2, ok: true });
  });

  test('what could not be kept is not acknowledged', async () => {
    const retainedStore = slowStore();
    const it = newBroker({ retainedStore });
    const client = jsonClient(it).publish('a', '1', { qos: 1, retain: true });
    await retainedStore.settle(new Error('no database'));
    it.clock.turn();
    expect(client.last('result')).toMatchObject({ id: 2, ok: false, error: { code: 'unavailable' } });
  });

  test.each([undefined, new Error('no database')])(
    'publishes that wait for a commit are bounded, until it is settled',
    async (error) => {
      const retainedStore = slowStore();
      const it = newBroker({ retainedStore, limits: { receiveMaximum: 2 } });
      const client = jsonClient(it);
      for (let i = 0; i < 3; i++) client.publish('a', '1', { qos: 1, retain: true });
      expect(client.last('result')).toMatchObject({ id: 4, ok: false, error: { code: 'quota-exceeded' } });
      await retainedStore.settle(error);
      it.clock.turn();
      client.publish('a', '2', { qos: 1, retain: true });
      expect(client.last('result')?.id).not.toBe(5);
      await retainedStore.settle();
      it.clock.turn();
      expect(client.last('result')).toEqual({ type: 'result', id: 5, ok: true });
    },
  );
});

test('an ended subscription brings nothing more, and ending one that is not there is fine', () => {
  const it = newBroker();
  const client = jsonClient(it).subscribe('a').unsubscribe('a', 'never');
  expect(client.last('result')).toEqual({
    type: 'result',
    id: 3,
    ok: true,
    results: [{ filter: 'a' }, { filter: 'never' }],
  });
  client.publish('a', '1');
  expect(client.messages).toEqual([]);
});
