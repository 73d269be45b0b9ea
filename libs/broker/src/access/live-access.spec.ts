import { describe, expect, test } from 'vitest';
import { MemorySessionStore } from '../ports/memory-session-store.js';
import { aPolicy, aRule, jsonClient, mqttClient, newBroker } from '../testing/index.js';

const v5 = (clientId: string) => ({ clientId, protocolVersion: 5 as const });
const willTo = (topic: string) => ({ topic, payload: Buffer.from('gone'), qos: 1 as const, retain: false });
const noSecrets = (...rest: Parameters<typeof aPolicy>) =>
  aPolicy({ id: 'hush', effect: 'deny', topics: ['secret/#'] }, ...rest, { id: 'all' });

describe('what a save takes away', () => {
  test('is told with the rule that takes it: subscriptions, parts of them, wills', () => {
    const it = newBroker();
    const user = { username: 'u', password: Buffer.from('x') };
    mqttClient(it, { clientId: 'a', ...user, will: willTo('secret/a') })
      .subscribe('secret/1')
      .subscribe('#');
    mqttClient(it, { clientId: 'b' }).subscribe('open/#');
    const lost = { clientId: 'a', username: 'u', ruleId: 'hush', by: 'rule' };
    expect(it.broker.setPolicy(noSecrets())).toEqual([
      { ...lost, kind: 'subscription', topic: 'secret/1' },
      { ...lost, kind: 'narrowed', topic: '#' },
      { ...lost, kind: 'will', topic: 'secret/a' },
    ]);
    expect(it.broker.setPolicy(noSecrets({ note: 'the same' }))).toEqual([]);
  });

  test('is not a loss where a subscription only becomes wider', () => {
    const it = newBroker({ policy: noSecrets() });
    const client = mqttClient(it).subscribe('#');
    expect(it.broker.setPolicy(aPolicy({}))).toEqual([]);
    mqttClient(it).publish('secret/1', 'x');
    expect(client.messages).toEqual(['secret/1=x']);
  });

  test('is a retained replay that is under way, too', async () => {
    const it = newBroker({ limits: { inFlightPerSession: 1 } });
    for (const topic of ['open/1', 'secret/1', 'open/2']) {
      mqttClient(it).publish(topic, 'x', { retain: true, qos: 1 });
    }
    await new Promise(setImmediate);
    const client = mqttClient(it, v5('a')).subscribe('#', { qos: 1 });
    const first = client.messages;
    it.broker.setPolicy(noSecrets());
    for (let i = 0; i < 3; i++) {
      const { messageId } = client.last('publish') ?? {};
      client.send({ cmd: 'puback', messageId: messageId as number });
    }
    expect(first).toHaveLength(1);
    expect(client.messages.filter((message) => !first.includes(message)).every((m) => m.startsWith('open/'))).toBe(
      true,
    );
    expect(client.messages.filter((message) => message.startsWith('open/'))).toHaveLength(2);
  });

  test.each([4, 5] as const)('is what waits for a slow link, too (MQTT %i)', (protocolVersion) => {
    const it = newBroker();
    const slow = mqttClient(it, { clientId: 'slow', protocolVersion }).subscribe('#').stall();
    const sender = mqttClient(it);
    for (let i = 1; i <= 3; i++) sender.publish('secret/1', `${i}`).publish('open/1', `${i}`);
    it.broker.setPolicy(noSecrets());
    const before = slow.messages;
    slow.readOn();
    const after = slow.messages.slice(before.length);
    expect(before.length).toBeLessThanOrEqual(2);
    expect(after.every((message) => message.startsWith('open/'))).toBe(true);
    expect(slow.messages.filter((message) => message.startsWith('open/'))).toHaveLength(3);
    expect(it.broker.pressure.isFelt).toBe(false);
  });

  test('is an unsubscribed message that still waits', () => {
    const it = newBroker();
    const slow = mqttClient(it, { ...v5('a'), properties: { receiveMaximum: 1 } }).subscribe('+/1', { qos: 1 });
    for (const topic of ['open/1', 'secret/1', 'open/1']) mqttClient(it).publish(topic, 'x', { qos: 1 });
    slow.unsubscribe('+/1');
    it.broker.setPolicy(noSecrets());
    slow.send({ cmd: 'puback', messageId: 1 });
    expect(slow.messages).toEqual(['open/1=x', 'open/1=x']);
  });
});

describe('a will that may no longer be published', () => {
  test('is dropped, and is not published although the rule is gone when the client is', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const client = mqttClient(it, { clientId: 'a', will: willTo('secret/a') });
    it.broker.setPolicy(noSecrets());
    it.broker.setPolicy(aPolicy({}));
    client.drop();
    expect(watcher.messages).toEqual([]);
  });

  test('of a client that is away is dropped for good, also after a restart', async () => {
    const sessionStore = new MemorySessionStore();
    const it = newBroker({ sessionStore });
    const properties = { sessionExpiryInterval: 3600 };
    const will = { ...willTo('secret/a'), properties: { willDelayInterval: 60 } };
    mqttClient(it, { ...v5('a'), clean: false, properties, will }).drop();
    expect(it.broker.setPolicy(noSecrets())).toMatchObject([{ clientId: 'a', kind: 'will', topic: 'secret/a' }]);
    const after = newBroker({ sessionStore });
    await after.broker.start();
    const watcher = mqttClient(after).subscribe('secret/#');
    after.clock.advance(120_000);
    expect(watcher.messages).toEqual([]);
  });
});

describe('those who lost something', () => {
  function aHouse() {
    const it = newBroker();
    const five = mqttClient(it, v5('five')).subscribe('secret/1');
    const three = mqttClient(it, { clientId: 'three' }).subscribe('secret/1');
    const narrowed = mqttClient(it, v5('narrowed')).subscribe('#');
    const json = jsonClient(it, { clientId: 'json' }).subscribe('secret/1');
    const other = mqttClient(it, v5('other')).subscribe('open/#');
    return { it, five, three, narrowed, json, other };
  }

  test('stay connected, and are told where their protocol has a word for it', () => {
    const { it, five, three, narrowed, json } = aHouse();
    it.broker.setPolicy(noSecrets());
    it.clock.turn();
    expect([five, three, narrowed, json].map(({ isClosed }) => isClosed)).toEqual([false, false, false, false]);
    expect(json.last('revoked')).toEqual({ type: 'revoked', filters: ['secret/1'] });
  });

  test('are disconnected where the operator wants that: MQTT 5 with 0x87, MQTT 3 without a word; nobody else', () => {
    const { it, five, three, narrowed, json, other } = aHouse();
    it.broker.setPolicy(noSecrets(), { disconnect: true });
    it.clock.turn();
    expect(five.last('disconnect')).toMatchObject({ reasonCode: 0x87 });
    expect(narrowed.last('disconnect')).toMatchObject({ reasonCode: 0x87 });
    expect(three.isClosed).toBe(true);
    expect(json.isClosed).toBe(false);
    expect(json.last('revoked')).toEqual({ type: 'revoked', filters: ['secret/1'] });
    expect(other.isClosed).toBe(false);
    expect(other.publish('open/1', 'x').messages).toEqual(['open/1=x']);
  });
});

test('a client’s own rule that ends takes what it allowed with it at that moment, online or offline', () => {
  const own = {
    rules: [aRule({ id: 'own', topics: ['mine/#'], validUntil: '2026-01-01T00:00:05Z' })],
    place: 'before' as const,
  };
  const it = newBroker({
    authenticator: { authenticate: ({ username }) => ({ accepted: true, username, own }) },
    policy: aPolicy({ access: 'pub' }),
  });
  const online = mqttClient(it, v5('a')).subscribe('mine/#', { qos: 1 });
  mqttClient(it, { clientId: 'b', clean: false }).subscribe('mine/#', { qos: 1 }).drop();
  const sender = mqttClient(it).publish('mine/1', 'before');
  it.clock.advance(4999);
  expect(it.broker.sessions.get('b')?.subscriptions.size).toBe(1);
  it.clock.advance(1);
  expect(it.broker.sessions.get('b')?.subscriptions.size).toBe(0);
  sender.publish('mine/1', 'after');
  expect(online.messages).toEqual(['mine/1=before']);
  expect(online.isClosed).toBe(false);
});

test('a session knows the topics that it published to last, also after its rights have changed', () => {
  const it = newBroker({ policy: noSecrets() });
  const client = mqttClient(it, v5('a'));
  for (const topic of ['plant/1', 'plant/2', 'plant/1', 'secret/1']) client.publish(topic, 'x');
  const session = it.broker.sessions.get('a');
  expect([...(session?.recentTopics() ?? [])].sort()).toEqual(['plant/1', 'plant/2']);
  it.broker.setPolicy(aPolicy({}));
  client.publish('plant/3', 'x');
  expect([...(session?.recentTopics() ?? [])].sort()).toEqual(['plant/1', 'plant/2', 'plant/3']);
  for (let i = 0; i < 100; i++) client.publish(`many/${i}`, 'x');
  expect(session?.recentTopics().length).toBeLessThanOrEqual(32);
});
