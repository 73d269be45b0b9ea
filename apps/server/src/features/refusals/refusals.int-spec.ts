import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { Refusal, RefusalExplanation, RefusalPage } from './refusal.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.operator.post('/users', { username: 'pump', password: 'let me in' });
  await api.admin.put('/policy', { rules: [allowOwn, denySecret, allowAll] }, { 'if-match': '"1"' });
});
afterAll(() => api?.app.close());

const rule = (id: string, effect: string, topics: string[], value = '*') => ({
  id,
  effect,
  subject: 'everyone',
  value,
  access: 'pubsub',
  topics,
});
const allowOwn = rule('own', 'allow', ['own/%c']);
const denySecret = rule('secret', 'deny', ['secret/#']);
const allowAll = { ...rule('plant', 'allow', ['plant/#', '$SYS/#']), access: 'sub' };

const list = async (query = '') => (await api.viewer.get<RefusalPage>(`/refusals?${query}`)).body;
const explain = async ({ key }: Refusal) =>
  (await api.viewer.get<RefusalExplanation>(`/refusals/${key}/explanation`)).body;

/** A client of the user that publishes to each topic, at QoS 1 so that it is told. */
async function publish(clientId: string, ...topics: string[]) {
  const client = await device(api.app, { ...as('pump', 'let me in', clientId), protocolVersion: 5 });
  for (const topic of topics) client.publish(topic, 'x', { qos: 1 });
  await vi.waitFor(() => expect(client.packets.filter(({ cmd }) => cmd === 'puback')).toHaveLength(topics.length));
  client.drop();
}

test('what a client was refused is listed at once, with the rule that decided, and counted', async () => {
  await publish('a', 'secret/1', 'secret/1', 'secret/1', 'plant/1');
  const { items, total } = await list('clientId=a');
  expect(total).toBe(4);
  expect(items).toHaveLength(2);
  expect(items).toContainEqual(
    expect.objectContaining({
      clientId: 'a',
      username: 'pump',
      address: expect.any(String) as string,
      protocol: 'mqtt5',
      action: 'publish',
      topic: 'secret/1',
      refusal: 'not-authorized',
      ruleId: 'secret',
      decider: 'rule',
      revision: 2,
      count: 3,
      shadow: false,
      omits: null,
    }),
  );
  expect(items.find(({ topic }) => topic === 'plant/1')).toMatchObject({ ruleId: null, decider: 'default', count: 1 });
});

test('a wrong password is listed with who tried, and from where', async () => {
  await device(api.app, as('pump', 'guess', 'thief'));
  const { items } = await list('action=connect&q=thief');
  expect(items).toMatchObject([{ clientId: 'thief', username: 'pump', refusal: 'bad-credentials', decider: null }]);
  expect(await explain(items[0] as Refusal)).toMatchObject({ then: null, now: null, note: /not let in/ });
});

test('why is told by the policy of then, and by the live one', async () => {
  await publish('b', 'secret/2');
  const [refusal] = (await list('clientId=b')).items;
  await api.admin.put('/policy', { rules: [rule('all', 'allow', ['#'])] }, { 'if-match': '"2"' });
  const { then, now, note } = await explain(refusal as Refusal);
  expect(then).toMatchObject({ allowed: false, ruleId: 'secret', by: 'rule' });
  expect(then?.steps.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual([
    ['own', 'topic'],
    ['secret', 'applies'],
  ]);
  expect(now).toMatchObject({ allowed: true, ruleId: 'all' });
  expect(note).toBeNull();
  await api.admin.put('/policy', { rules: [allowOwn, denySecret, allowAll] }, { 'if-match': '"3"' });
});

test('a key that nobody knows has no explanation', async () => {
  expect((await api.viewer.get(`/refusals/${'0'.repeat(64)}/explanation`)).status).toBe(404);
  expect((await api.viewer.get('/refusals/nonsense/explanation')).status).toBe(400);
});

describe('of many', () => {
  beforeAll(async () => {
    for (const clientId of ['many-1', 'many-2', 'many-3'])
      await publish(clientId, 'secret/x', 'secret/y', 'other', 'other');
  });

  test('groups add up, and say what they stand for', async () => {
    const byClient = await list('group=client&q=many&topic=%23');
    expect(byClient.items.map(({ clientId, count, entries }) => [clientId, count, entries]).sort()).toEqual([
      ['many-1', 4, 3],
      ['many-2', 4, 3],
      ['many-3', 4, 3],
    ]);
    const byTopic = await list('group=topic&sort=count&topic=secret/%2B&q=many');
    expect(byTopic.items.every(({ topic }) => topic?.startsWith('secret/'))).toBe(true);
    const byRule = await list('group=rule&rule=secret');
    expect(byRule.items).toHaveLength(1);
    expect(byRule.items[0]?.count).toBe(byRule.total);
    const [byAction] = (await list('group=action&action=publish')).items;
    expect(byAction?.series.reduce((sum, count) => sum + count, 0)).toBe(byAction?.count);
  });

  test.each(['last', 'count'])('pages by %s, each row once', async (sort) => {
    const keys: string[] = [];
    const all = (await list(`sort=${sort}`)).items.map(({ key }) => key);
    for (let after = ''; ;) {
      const page = await list(`sort=${sort}&limit=2${after}`);
      keys.push(...page.items.map(({ key }) => key));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(keys).toEqual(all);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('filters by what decided, by reason, by topic and by time', async () => {
    const of = async (query: string) => (await list(query)).items;
    expect((await of('rule=-')).every(({ decider }) => decider === 'default')).toBe(true);
    expect((await of('rule=secret')).every(({ ruleId }) => ruleId === 'secret')).toBe(true);
    expect((await of('refusal=bad-credentials')).map(({ action }) => action)).toEqual(['connect']);
    expect((await of('topic=secret/x')).map(({ topic }) => topic)).toEqual(['secret/x', 'secret/x', 'secret/x']);
    expect(await of('until=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await of('shadow=true')).toEqual([]);
    const backwards = await api.viewer.get('/refusals?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z');
    expect(backwards).toMatchObject({ status: 400, body: { errors: [{ path: 'since' }] } });
  });
});

test('more than can be looked at is cut at a quarter of an hour, and what is left is whole', async () => {
  const { pool } = api.app.app.get(Database);
  const quarter = Date.now() - (Date.now() % 900_000);
  const add = (minutes: number, client: string, rows: number) =>
    pool.query(
      `INSERT INTO refusals (bucket, key_hash, run, action, refusal, client_id, revision, count, first_at, last_at)
       SELECT $1, sha256(n::text::bytea), gen_random_uuid(), 'publish', 'not-authorized', $2, 1, 7, $1, $1
       FROM generate_series(1, $3) AS n`,
      [new Date(quarter - minutes * 60_000), client, rows],
    );
  await add(30, 'many', 20_000);
  await add(60, 'many', 20_000);
  await add(90, 'many', 20_000);
  await add(120, 'few', 3);
  const range = `&since=${new Date(quarter - 3 * 3_600_000).toISOString()}&until=${new Date(quarter - 1).toISOString()}`;
  expect(await list(`clientId=many${range}`)).toMatchObject({
    isCut: true,
    since: new Date(quarter - 75 * 60_000).toISOString(),
    total: 280_000,
  });
  expect(await list(`clientId=few${range}`)).toMatchObject({ isCut: false, total: 21 });
  // The newest ones, found by time, are the same as those that all rows are looked through for.
  const newest = await list(`limit=5${range}`);
  expect(newest.items.map(({ count }) => count)).toEqual([14, 14, 14, 14, 14]);
  expect(newest.items).toEqual((await list(`limit=5&q=many${range}`)).items);
});
