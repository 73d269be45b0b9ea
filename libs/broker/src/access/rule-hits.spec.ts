import { expect, test } from 'vitest';
import { aPolicy, aRule, mqttClient, newBroker } from '../testing/index.js';

const hitsOf = ({ broker }: ReturnType<typeof newBroker>) =>
  Object.fromEntries([...broker.takeHits()].map(([ruleId, { hits }]) => [ruleId, hits]));

test('each message, subscription and will counts for the rule that decides it, and is taken once', () => {
  const it = newBroker({
    policy: aPolicy({ id: 'no', effect: 'deny', topics: ['secret'] }, { id: 'sub', access: 'sub' }, { id: 'pub' }),
  });
  const client = mqttClient(it, { protocolVersion: 5, will: { topic: 'gone', payload: '', qos: 0, retain: false } });
  client.subscribe('a').subscribe('secret');
  for (let i = 0; i < 5; i++) client.publish('a', 'x');
  client.publish('b', 'x').publish('secret', 'x');
  const now = it.clock.now();
  expect(it.broker.takeHits()).toEqual(
    new Map([
      ['no', { hits: 2, lastAt: now }],
      ['sub', { hits: 1, lastAt: now }],
      ['pub', { hits: 7, lastAt: now }],
    ]),
  );
  expect(hitsOf(it)).toEqual({});
  client.publish('a', 'x');
  expect(hitsOf(it)).toEqual({ pub: 1 });
});

test('what was counted before a save is not lost with the rule', () => {
  const it = newBroker({ policy: aPolicy({ id: 'old' }) });
  const client = mqttClient(it).publish('a', 'x');
  it.broker.setPolicy(aPolicy({ id: 'new' }));
  client.publish('a', 'x');
  expect(hitsOf(it)).toEqual({ old: 1, new: 1 });
  it.broker.setPolicy(aPolicy({ id: 'newer' }));
  expect(hitsOf(it)).toEqual({});
});

test('a client’s own rules and the default count for no rule', () => {
  const own = { rules: [aRule({ id: 'own', topics: ['mine'] })], place: 'before' as const };
  const authenticator = { authenticate: () => ({ accepted: true as const, username: null, own }) };
  const it = newBroker({ authenticator, policy: aPolicy() });
  mqttClient(it, { protocolVersion: 5 }).publish('mine', 'x').publish('other', 'x');
  expect(hitsOf(it)).toEqual({});
});
