import { Broker } from '@perch/broker';
import { FakeClock, jsonClient } from '@perch/broker/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { RuleHitList } from './hit.schemas.js';
import type { RefusalPage } from './refusal.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.operator.post('/users', { username: 'pump', password: 'let me in', labels: ['press'] });
  const rule = { subject: 'everyone', value: '*', access: 'pubsub' };
  const rules = [
    { ...rule, id: 'secret', effect: 'deny', topics: ['plant/secret'] },
    { ...rule, id: 'plant', effect: 'allow', topics: ['plant/#'] },
  ];
  await api.admin.put('/policy', { rules }, { 'if-match': '"1"' });
});
afterAll(() => api?.app.close());

const find = (query: string) => async () => {
  const { items } = (await api.viewer.get<RefusalPage>(`/refusals?${query}`)).body;
  return items.map(({ clientId, topic, decider, ruleId, protocol, count }) => ({
    clientId,
    topic,
    decider,
    ruleId,
    protocol,
    count,
  }));
};

const bySecret = { topic: 'plant/secret', decider: 'rule', ruleId: 'secret', count: 1 };
const byDefault = { decider: 'default', ruleId: null, count: 1 };

test('a CONNECT', async () => {
  await device(api.app, as('pump', 'wrong', 'connects'));
  const found = { clientId: 'connects', topic: null, decider: null, ruleId: null, count: 1, protocol: 'mqtt3.1.1' };
  await expect.poll(find('action=connect')).toEqual([found]);
});

test('a publish', async () => {
  const client = await device(api.app, as('pump', 'let me in', 'publishes'));
  client.publish('plant/secret', 'x');
  const found = { clientId: 'publishes', ...bySecret, protocol: 'mqtt3.1.1' };
  await expect.poll(find('clientId=publishes')).toEqual([found]);
});

test('a subscription', async () => {
  const client = await device(api.app, { ...as('pump', 'let me in', 'subscribes'), protocolVersion: 5 });
  client.subscribe('other/#');
  const found = { clientId: 'subscribes', topic: 'other/#', ...byDefault, protocol: 'mqtt5' };
  await expect.poll(find('action=subscribe&clientId=subscribes')).toEqual([found]);
});

test('a will', async () => {
  const will = { topic: 'plant/secret', payload: Buffer.from('gone'), qos: 0 as const, retain: false };
  await device(api.app, { ...as('pump', 'let me in', 'wills'), will });
  const found = { clientId: 'wills', ...bySecret, protocol: 'mqtt3.1.1' };
  await expect.poll(find('action=will')).toEqual([found]);
});

test('a delivery that a rule cuts out of a wider subscription', async () => {
  const client = await device(api.app, as('pump', 'let me in', 'watches'));
  client.subscribe('plant/#');
  await expect.poll(() => client.last('suback')).toBeDefined();
  await api.operator.post('/publish', { topic: 'plant/secret', payload: 'x' });
  const found = { clientId: 'watches', ...bySecret, protocol: 'mqtt3.1.1' };
  await expect.poll(find('action=delivery')).toEqual([found]);
  expect(client.messages).toEqual([]);
});

test('what a client of the WebSocket protocol does', async () => {
  const it = { broker: api.app.app.get(Broker), clock: new FakeClock(), faults: [] };
  const client = jsonClient(it, { clientId: 'socket', username: 'pump', password: 'let me in' });
  await expect.poll(() => client.last('welcome')).toBeDefined();
  client.publish('plant/secret', 'x');
  await expect.poll(find('clientId=socket')).toEqual([{ clientId: 'socket', ...bySecret, protocol: 'json' }]);
});

test('a publish over HTTP', async () => {
  expect((await api.operator.post('/publish', { topic: '$SYS/x', payload: 'x' })).status).toBe(403);
  await expect.poll(find('clientId=$operator/operator')).toEqual([
    {
      clientId: '$operator/operator',
      topic: '$SYS/x',
      decider: 'built-in',
      ruleId: null,
      count: 1,
      protocol: 'http',
    },
  ]);
});

test('rules say how often they decided, and those that never did say so', async () => {
  const { body } = await api.viewer.get<RuleHitList>('/policy/hits');
  expect(body.items.map(({ ruleId }) => ruleId)).toEqual(['secret', 'plant']);
  expect(body.items.every(({ day, week, lastAt }) => day > 0 && week === day && lastAt !== null)).toBe(true);
});
