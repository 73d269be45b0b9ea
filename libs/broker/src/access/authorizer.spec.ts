import type { Action, ClientIdentity } from '@perch/policy';
import { describe, expect, test } from 'vitest';
import type { BrokerOptions } from '../broker-options.js';
import { type Authorization, type Authorizer, Unanswered } from '../ports/authorizer.js';
import { MemorySessionStore } from '../ports/memory-session-store.js';
import { aPolicy, jsonClient, mqttClient, newBroker, type TestBroker } from '../testing/index.js';
import { settle } from '../testing/settle.js';

const YES: Authorization = { allowed: true, validUntil: null };
const NO: Authorization = { allowed: false, validUntil: null };

/** Says what the script says, when the test lets it, or at once. */
class Oracle implements Authorizer {
  readonly asked: string[] = [];
  readonly waiting: (() => void)[] = [];
  isSlow = false;
  says: (action: Action, topic: string, identity: ClientIdentity) => Authorization = () => NO;

  ask(identity: ClientIdentity, action: Action, topic: string): Promise<Authorization> {
    this.asked.push(`${action} ${topic}`);
    const answer = () => this.says(action, topic, identity);
    if (!this.isSlow) return Promise.resolve().then(answer);
    return new Promise((resolve) => this.waiting.push(() => resolve(answer())));
  }

  answerAll(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }
}

function aHouse(options: Partial<BrokerOptions> = {}) {
  const oracle = new Oracle();
  const it = newBroker({ authorizer: oracle, policy: aPolicy({ topics: ['free/#'] }), ...options });
  return { it, oracle };
}

const v5 = (clientId: string, properties = {}) => ({ clientId, protocolVersion: 5 as const, properties });

/** Somebody to whom everything comes. */
function everything(it: TestBroker) {
  const grants = aPolicy({}).grantsFor({ clientId: 'o', username: null, address: null }, 0);
  return jsonClient(it, { operator: { name: 'o', grants } }).subscribe('#');
}

test('a refusal names who said no, and who did not answer', async () => {
  const { it, oracle } = aHouse({ tellReasons: true });
  oracle.says = (_, topic) => {
    if (topic === 'b') throw new Unanswered('It is away.', 'the second');
    return { ...NO, by: 'the first' };
  };
  const refused: unknown[] = [];
  it.broker.observe({ refused: ({ topic, by, ruleId }) => refused.push([topic, by, ruleId]) });
  const client = mqttClient(it, v5('c')).subscribe('a');
  await settle(it);
  client.publish('b', 'x', { qos: 1 });
  await settle(it);
  expect(refused).toEqual([
    ['a', 'authorizer', 'the first'],
    ['b', 'authorizer', 'the second'],
  ]);
  expect(client.last('puback')?.properties?.reasonString).toBe('Denied by the authorizer the second.');
});

describe.each([4, 5] as const)('MQTT %i', (protocolVersion) => {
  test('what the rules settle is asked of nobody', async () => {
    const { it, oracle } = aHouse();
    const client = mqttClient(it, { protocolVersion }).subscribe('free/1').publish('free/1', 'x', { qos: 1 });
    await settle(it);
    expect(client.messages).toEqual(['free/1=x']);
    expect(oracle.asked).toEqual([]);
  });

  test('publishes wait for the answer and leave in their order, QoS 0, 1 and 2; each topic is asked about once', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    oracle.says = () => YES;
    const watcher = everything(it);
    const client = mqttClient(it, { protocolVersion });
    client
      .publish('a', '1')
      .publish('free/1', '2', { qos: 1 })
      .publish('a', '3', { qos: 2 })
      .publish('b', '4', { qos: 1 });
    await settle(it);
    expect(watcher.messages).toEqual([]);
    oracle.answerAll();
    await settle(it);
    expect(watcher.messages).toEqual(['a=1', 'free/1=2', 'a=3']);
    oracle.answerAll();
    await settle(it);
    expect(watcher.messages).toEqual(['a=1', 'free/1=2', 'a=3', 'b=4']);
    expect(oracle.asked).toEqual(['publish a', 'publish b']);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'puback', 'pubrec', 'puback']);
    expect(it.broker.counters.messagesReceived).toBe(4);
    expect(it.broker.sessions.get(client.options.clientId ?? '')?.messagesIn ?? 4).toBe(4);
  });

  test('a SUBSCRIBE is answered when all of it has been asked about', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    oracle.says = (_, topic) => (topic === 'a/#' ? YES : NO);
    const client = mqttClient(it, { protocolVersion });
    const wanted = (topic: string) => ({ topic, qos: 1 as const, nl: false, rap: false, rh: 0 as const });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: ['free/1', 'a/#', 'b'].map(wanted) });
    client.send({ cmd: 'pingreq' });
    await settle(it);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    oracle.answerAll();
    await settle(it);
    expect(client.last('suback')?.granted).toEqual([1, 1, protocolVersion === 5 ? 0x87 : 0x80]);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'pingresp']);
    expect(oracle.asked).toEqual(['subscribe a/#', 'subscribe b']);
  });

  test('a CONNECT waits until its will has been asked about', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    oracle.says = (_, topic) => (topic === 'gone' ? YES : NO);
    const will = (topic: string) => ({ topic, payload: Buffer.from('x'), qos: 0 as const, retain: false });
    const [good, bad] = ['gone', 'other'].map((topic) => mqttClient(it, { protocolVersion, will: will(topic) }));
    await settle(it);
    expect([good?.packets, bad?.packets]).toEqual([[], []]);
    oracle.answerAll();
    await settle(it);
    expect(good?.last('connack')).toMatchObject(protocolVersion === 5 ? { reasonCode: 0 } : { returnCode: 0 });
    expect(bad?.last('connack')).toMatchObject(protocolVersion === 5 ? { reasonCode: 0x87 } : { returnCode: 5 });
    const watcher = everything(it);
    good?.drop();
    await settle(it);
    expect(watcher.messages).toEqual(['gone=x']);
  });

  test('who is gone when the answer comes disturbs nobody; what it had sent in order is still taken', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    oracle.says = () => YES;
    const watcher = everything(it);
    mqttClient(it, { protocolVersion, clientId: 'reset' }).publish('a', '1').reset();
    mqttClient(it, { protocolVersion, clientId: 'left' }).publish('a', '2').send({ cmd: 'disconnect' }).drop();
    await settle(it);
    oracle.answerAll();
    await settle(it);
    expect(watcher.messages).toEqual(['a=2']);
    expect(it.broker.sessions.get('left')).toBeUndefined();
    expect(it.faults).toEqual([]);
  });

  test('without an answer in time it is no, and counted; with a fault too', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    const client = mqttClient(it, { protocolVersion }).subscribe('a', { qos: 1 });
    await settle(it);
    it.clock.advance(5000);
    await settle(it);
    expect(client.last('suback')?.granted).toEqual([protocolVersion === 5 ? 0x87 : 0x80]);
    oracle.isSlow = false;
    oracle.says = () => {
      throw new Error('no route to host');
    };
    client.subscribe('b', { qos: 1 });
    await settle(it);
    expect(client.last('suback')?.granted).toEqual([protocolVersion === 5 ? 0x87 : 0x80]);
    expect(it.broker.counters.unanswered).toBe(2);
    expect(it.faults).toEqual([new Error('no route to host')]);
  });
});

describe('perch.json', () => {
  test('waits for answers, in order', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    oracle.says = (action, topic) => (action === 'subscribe' || topic === 'a' ? YES : NO);
    const client = jsonClient(it, { clientId: 'j' }).subscribe('a', 'free/1').publish('a', '1').publish('b', '2');
    client.publish('free/1', '3');
    for (let i = 0; i < 3; i++) {
      await settle(it);
      oracle.answerAll();
    }
    await settle(it);
    expect(client.messages).toEqual(['a=1', 'free/1=3']);
    const results = client.frames.filter((frame) => frame.type === 'result');
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(oracle.asked).toEqual(['subscribe a', 'publish a', 'publish b']);
  });

  test('a client that goes while it waits is forgotten', async () => {
    const { it, oracle } = aHouse();
    oracle.isSlow = true;
    const client = jsonClient(it, { clientId: 'j' }).publish('a', '1');
    client.leave();
    oracle.answerAll();
    await settle(it);
    expect(it.broker.sessions.get('j')).toBeUndefined();
    expect(it.faults).toEqual([]);
  });
});

describe('the rules', () => {
  test('keep what they deny out of a subscription that the authorizer allows', async () => {
    const policy = aPolicy({ effect: 'deny', topics: ['secret/#'] }, { access: 'pub' });
    const { it, oracle } = aHouse({ policy });
    oracle.says = () => YES;
    const client = mqttClient(it, v5('c')).subscribe('#', { qos: 1 }).subscribe('secret/1', { qos: 1 });
    await settle(it);
    expect(client.received('suback').map(({ granted }) => granted[0])).toEqual([1, 0x87]);
    const grants = aPolicy({}).grantsFor({ clientId: 'o', username: null, address: null }, 0);
    for (const topic of ['secret/1', 'open']) {
      const message = { topic, payload: Buffer.from('x'), qos: 0 as const, retain: false, properties: null };
      it.broker.publish({ clientId: 'o', grants }, { ...message, publisher: 'o', receivedAt: 0, expiresAt: null });
    }
    it.clock.turn();
    expect(client.messages).toEqual(['open=x']);
    expect(oracle.asked).toEqual(['subscribe #']);
  });

  test('have their default where the authorizer has nothing to say', async () => {
    const { it, oracle } = aHouse();
    oracle.says = () => ({ allowed: null, validUntil: null });
    const client = mqttClient(it, v5('c')).publish('a', 'x', { qos: 1 });
    await settle(it);
    expect(client.last('puback')).toMatchObject({ reasonCode: 0x87 });
  });
});

describe('an answer that ends', () => {
  /** Allows for ten seconds from whenever it is asked. */
  function forAWhile({ it, oracle }: ReturnType<typeof aHouse>) {
    oracle.says = () => ({ allowed: true, validUntil: it.clock.now() + 10_000 });
  }
  const pass = async (it: TestBroker, ms: number) => {
    it.clock.advance(ms);
    await settle(it);
  };

  test('is asked about again before it does, as long as it is in use', async () => {
    const house = aHouse();
    forAWhile(house);
    const { it, oracle } = house;
    const client = mqttClient(it, v5('c')).subscribe('a', { qos: 1 });
    await settle(it);
    for (let i = 0; i < 5; i++) await pass(it, 8000);
    expect(oracle.asked.length).toBeGreaterThanOrEqual(5);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(1);
    client.unsubscribe('a');
    const asked = oracle.asked.length;
    for (let i = 0; i < 5; i++) await pass(it, 8000);
    expect(oracle.asked.length).toBe(asked);
  });

  test('and turns to no takes the subscription and the publishing of the live session with it', async () => {
    const house = aHouse();
    forAWhile(house);
    const { it, oracle } = house;
    const client = mqttClient(it, v5('c')).subscribe('a', { qos: 1 });
    const json = jsonClient(it, { clientId: 'j' }).subscribe('a');
    await settle(it);
    client.publish('a', '1', { qos: 1 });
    await settle(it);
    oracle.says = () => NO;
    await pass(it, 10_001);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(0);
    expect(json.last('revoked')).toEqual({ type: 'revoked', filters: ['a'] });
    client.publish('a', '2', { qos: 1 });
    await settle(it);
    expect(client.last('puback')).toMatchObject({ reasonCode: 0x87 });
    expect(client.isClosed).toBe(false);
  });

  test('and is not answered again ends all the same', async () => {
    const house = aHouse();
    forAWhile(house);
    const { it, oracle } = house;
    mqttClient(it, v5('c')).subscribe('a', { qos: 1 });
    await settle(it);
    oracle.isSlow = true;
    await pass(it, 8001);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(1);
    await pass(it, 2000);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(0);
  });
});

describe('a durable session', () => {
  test('keeps what it was allowed while its client is away and over a restart, and is asked about when it comes', async () => {
    const sessionStore = new MemorySessionStore();
    const house = aHouse({ sessionStore });
    house.oracle.says = () => YES;
    const durable = { ...v5('c', { sessionExpiryInterval: 3600 }), clean: false };
    const client = mqttClient(house.it, durable).subscribe('a', { qos: 1 }).subscribe('b', { qos: 1 });
    await settle(house.it);
    client.drop();
    const after = aHouse({ sessionStore });
    await after.it.broker.start();
    after.oracle.says = (action, topic) => (action === 'publish' || topic === 'a' ? YES : NO);
    const sender = mqttClient(after.it, v5('s')).publish('a', '1', { qos: 1 });
    await settle(after.it);
    sender.publish('b', '2', { qos: 1 });
    await settle(after.it);
    const back = mqttClient(after.it, durable);
    await settle(after.it);
    expect(back.last('connack')).toMatchObject({ sessionPresent: true });
    expect(after.oracle.asked).toEqual(expect.arrayContaining(['subscribe a', 'subscribe b']));
    expect(back.messages).toEqual(['a=1']);
    expect([...(after.it.broker.sessions.get('c')?.subscriptions.keys() ?? [])]).toEqual(['a']);
  });
});

describe('another authorizer', () => {
  test('is asked about everybody; what it refuses is lost, and told', async () => {
    const { it, oracle } = aHouse();
    oracle.says = () => YES;
    mqttClient(it, v5('c')).subscribe('a', { qos: 1 }).subscribe('b', { qos: 1 });
    await settle(it);
    const other = new Oracle();
    other.says = (_, topic) => (topic === 'a' ? YES : NO);
    const losses = await it.broker.setAuthorizer(other);
    expect(losses).toMatchObject([{ clientId: 'c', kind: 'subscription', topic: 'b', ruleId: null }]);
    expect([...(it.broker.sessions.get('c')?.subscriptions.keys() ?? [])]).toEqual(['a']);
  });

  test('or none leaves what the rules allow', async () => {
    const { it, oracle } = aHouse();
    oracle.says = () => YES;
    mqttClient(it, v5('c')).subscribe('a', { qos: 1 }).subscribe('free/1', { qos: 1 });
    await settle(it);
    expect(await it.broker.setAuthorizer(null)).toMatchObject([{ topic: 'a' }]);
    expect([...(it.broker.sessions.get('c')?.subscriptions.keys() ?? [])]).toEqual(['free/1']);
  });
});
