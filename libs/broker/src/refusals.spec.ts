import { describe, expect, test } from 'vitest';
import type { RefusedEvent } from './events.js';
import { aPolicy, jsonClient, mqttClient, newBroker, type TestBroker } from './testing/index.js';

const closed = () =>
  aPolicy({ id: 'hush', effect: 'deny', topics: ['secret/#'] }, { id: 'open', topics: ['open/#', 'secret/#', '#'] });

function told({ broker }: TestBroker): Partial<RefusedEvent>[] {
  const events: Partial<RefusedEvent>[] = [];
  broker.observe({ refused: (event) => events.push(event) });
  return events;
}

const v5 = (clientId: string, properties = {}) => ({ clientId, protocolVersion: 5 as const, properties });
const asUser = { username: 'u', password: Buffer.from('x') };

describe('every refusal reaches the observers with who, what, and the rule that decided', () => {
  const authenticator = {
    authenticate: ({ username }: { username: string | null }) =>
      username === 'nobody'
        ? { accepted: false as const, refusal: 'bad-credentials' as const }
        : { accepted: true as const, username, labels: ['press'] },
  };
  const who = { username: 'u', address: '127.0.0.1', labels: ['press'], protocol: 'mqtt5' };

  test('of a publish, each time, also of QoS 0; of a subscription; of a will', () => {
    const it = newBroker({ authenticator, policy: closed() });
    const events = told(it);
    const client = mqttClient(it, { ...v5('c'), ...asUser });
    client.publish('secret/1', 'x').publish('secret/1', 'x', { qos: 1 }).subscribe('secret/1');
    mqttClient(it, { ...v5('w'), ...asUser, will: { topic: 'secret/2', payload: '', qos: 0, retain: false } });
    const why = { refusal: 'not-authorized', ruleId: 'hush', by: 'rule' };
    expect(events).toEqual([
      { ...who, ...why, clientId: 'c', action: 'publish', topic: 'secret/1' },
      { ...who, ...why, clientId: 'c', action: 'publish', topic: 'secret/1' },
      { ...who, ...why, clientId: 'c', action: 'subscribe', topic: 'secret/1' },
      { ...who, ...why, clientId: 'w', action: 'will', topic: 'secret/2' },
    ]);
    expect(it.broker.counters.refusedActions).toMatchObject({ publish: 2, subscribe: 1, will: 1, connect: 0 });
  });

  test('of a CONNECT and of a bind, by no rule', () => {
    const it = newBroker({ authenticator });
    const events = told(it);
    mqttClient(it, { clientId: 'c', ...asUser, username: 'nobody' });
    jsonClient(it, { clientId: 'j', username: 'nobody' });
    const event = {
      refusal: 'bad-credentials',
      action: 'connect',
      username: 'nobody',
      labels: [],
      ruleId: null,
      by: null,
    };
    expect(events).toMatchObject([
      { ...event, clientId: 'c', protocol: 'mqtt3.1.1' },
      { ...event, clientId: 'j', protocol: 'json' },
    ]);
    expect(it.broker.counters.refusedActions.connect).toBe(2);
  });

  test('of a default: by no rule, but judged', () => {
    const it = newBroker({ policy: aPolicy() });
    const events = told(it);
    mqttClient(it, v5('c')).publish('a', 'x');
    expect(events).toMatchObject([{ ruleId: null, by: 'default' }]);
  });

  test('of a delivery, once for a topic and not for each message, and not where another subscription brings it', () => {
    const it = newBroker({ authenticator, policy: closed() });
    const events = told(it);
    mqttClient(it, { ...v5('c'), ...asUser }).subscribe('#');
    mqttClient(it, v5('s')).subscribe('$share/g/#');
    const operator = aPolicy({ topics: ['#'] }).grantsFor({ clientId: 'o', username: null, address: null }, 0);
    const publish = (topic: string) =>
      it.broker.publish(
        { clientId: 'o', grants: operator },
        {
          ...{ topic, payload: Buffer.from('x'), qos: 0, retain: false, properties: null },
          ...{ publisher: 'o', receivedAt: 0, expiresAt: null },
        },
      );
    for (let i = 0; i < 3; i++) publish('secret/1');
    publish('open/1');
    const what = { action: 'delivery', topic: 'secret/1', refusal: 'not-authorized', ruleId: 'hush', by: 'rule' };
    expect(events).toMatchObject([
      { ...who, ...what, clientId: 'c' },
      { ...what, clientId: 's' },
    ]);
    expect(it.broker.counters.refusedActions.delivery).toBe(2);
    expect(it.broker.counters.refused).toBe(0);
  });

  test('of a retained message that is not replayed, some of each replay, and not where another subscription brings it', () => {
    const policy = aPolicy(
      { id: 'mine', topics: ['secret/0'] },
      { id: 'hush', effect: 'deny', topics: ['secret/#'] },
      {},
    );
    const it = newBroker({ authenticator, policy: aPolicy({ topics: ['#'] }) });
    const publisher = mqttClient(it, v5('p'));
    for (let i = 0; i < 100; i++) publisher.publish(`secret/${i}`, 'x', { retain: true });
    publisher.publish('open/1', 'x', { retain: true });
    it.broker.setPolicy(policy);
    const events = told(it);
    const client = mqttClient(it, { ...v5('c'), ...asUser });
    client.subscribe('secret/0').subscribe('#');
    it.clock.turn();
    expect(client.messages.toSorted()).toEqual(['open/1=x', 'secret/0=x']);
    expect(events).toHaveLength(64);
    expect(events.at(-1)).toMatchObject({ ...who, clientId: 'c', action: 'delivery', ruleId: 'hush', by: 'rule' });
    expect(events.map(({ topic }) => topic)).not.toContain('secret/0');
    expect(it.broker.counters.refusedActions.delivery).toBe(99);
  });

  test('those of everybody who is subscribed to everything are counted, and some of them told', () => {
    const it = newBroker({ policy: closed() });
    const events = told(it);
    for (let i = 0; i < 100; i++) mqttClient(it, v5(`c${i}`)).subscribe('#');
    const grants = aPolicy({ topics: ['#'] }).grantsFor({ clientId: 'o', username: null, address: null }, 0);
    it.broker.publish(
      { clientId: 'o', grants },
      {
        ...{ topic: 'secret/1', payload: Buffer.from('x'), qos: 0, retain: false, properties: null },
        ...{ publisher: 'o', receivedAt: 0, expiresAt: null },
      },
    );
    expect(events).toHaveLength(64);
    expect(it.broker.counters.refusedActions.delivery).toBe(100);
  });
});

describe('where the operator lets clients know the rule', () => {
  const open = () => newBroker({ policy: closed(), tellReasons: true, reasonOf: (ruleId) => `rule 1 (no ${ruleId})` });
  const text = 'Denied by rule 1 (no hush).';

  test('PUBACK, PUBREC and SUBACK say it [MQTT5 3.4.2.2.2, 3.9.2.1.2]', () => {
    const client = mqttClient(open(), v5('c'));
    client.publish('secret/1', 'x', { qos: 1 }).publish('secret/1', 'x', { qos: 2 }).subscribe('secret/1');
    expect(client.last('puback')?.properties).toEqual({ reasonString: text });
    expect(client.last('pubrec')?.properties).toEqual({ reasonString: text });
    expect(client.last('suback')?.properties).toEqual({ reasonString: text });
  });

  test('CONNACK says it of a will, DISCONNECT of what a save took', () => {
    const it = open();
    const will = { topic: 'secret/1', payload: '', qos: 0 as const, retain: false };
    expect(mqttClient(it, { ...v5('w'), will }).last('connack')?.properties).toEqual({ reasonString: text });
    it.broker.setPolicy(aPolicy({}));
    const client = mqttClient(it, v5('c')).subscribe('secret/1');
    it.broker.setPolicy(closed(), { disconnect: true });
    it.clock.turn();
    expect(client.last('disconnect')?.properties).toEqual({ reasonString: text });
  });

  test('whoever wants no problem information is not told [MQTT5-3.1.2-29], nor whoever takes only small packets', () => {
    const it = open();
    const quiet = mqttClient(it, v5('q', { requestProblemInformation: false })).publish('secret/1', 'x', { qos: 1 });
    const small = mqttClient(it, v5('s', { maximumPacketSize: 24 })).publish('secret/1', 'x', { qos: 1 });
    expect(quiet.last('puback')?.properties?.reasonString).toBeUndefined();
    expect(small.last('puback')).toMatchObject({ reasonCode: 0x87 });
    expect(small.last('puback')?.properties?.reasonString).toBeUndefined();
  });

  test('perch.json says it in its results', () => {
    const client = jsonClient(open(), { clientId: 'j' }).publish('secret/1', 'x');
    expect(client.last('result')).toMatchObject({ error: { code: 'not-authorized', message: text } });
  });
});

test('otherwise nothing that a client is told depends on the rules', () => {
  const client = mqttClient(newBroker({ policy: closed() }), v5('c')).publish('secret/1', 'x', { qos: 1 });
  expect(client.last('puback')?.properties?.reasonString).not.toContain('hush');
});
