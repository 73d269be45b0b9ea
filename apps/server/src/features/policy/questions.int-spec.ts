import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { ExplainAnswer } from './explain.schemas.js';
import type { LintReport } from './lint.schemas.js';
import type { Proposals, ReachAnswer, Suggestion, WhoAnswer } from './reach.schemas.js';
import { aRule, type Saver, saver } from './testing/saver.js';

let api: TestApi;
let policy: Saver;
const rules = [
  aRule({ id: 'no-valve', effect: 'deny', access: 'sub', topics: ['plant/valve'] }),
  aRule({ id: 'press', subject: 'label', value: 'press', topics: ['plant/#'] }),
  aRule({ id: 'own', topics: ['dev/%c/+'], access: 'pub' }),
];
beforeAll(async () => {
  api = await startTestApi();
  policy = saver(api);
  await api.admin.post('/users', { username: 'pump', password: 'let me in', labels: ['press'] });
  await api.admin.post('/users', { username: 'lamp', password: 'let me in' });
  await policy.save(rules);
  const pump = await device(api.app, as('pump', 'let me in', 'pump-1'));
  pump.subscribe('plant/+').publish('plant/temp', '20').publish('dev/pump-1/state', 'on');
  await vi.waitFor(() => expect(pump.last('suback')).toMatchObject({ granted: [0] }));
  await device(api.app, as('lamp', 'let me in', 'lamp-1'));
});
afterAll(() => api?.app.close());

const ask = async <Body>(path: string, fields: object) => (await api.viewer.post<Body>(`/policy/${path}`, fields)).body;

describe('explaining', () => {
  const publish = { action: 'publish', topic: 'plant/temp' };

  test('fills in who a live client is, and says so', async () => {
    const answer = await ask<ExplainAnswer>('explain', { clientId: 'pump-1', ...publish });
    expect(answer).toMatchObject({ allowed: true, ruleId: 'press', against: 'live' });
    expect(answer.client).toEqual({
      clientId: 'pump-1',
      username: 'pump',
      address: '127.0.0.1',
      labels: ['press'],
      ownRules: 0,
      live: true,
    });
    const typed = await ask<ExplainAnswer>('explain', { client: { clientId: 'pump-1' }, ...publish });
    expect(typed).toMatchObject({ allowed: false, client: { labels: [], live: false } });
  });

  test('asks a revision as it was, or a draft', async () => {
    const { body } = await policy.save([...rules, aRule({ id: 'later', topics: ['later'] })]);
    const later = { clientId: 'pump-1', action: 'publish', topic: 'later' };
    expect(await ask('explain', later)).toMatchObject({ allowed: true, revision: body.revision });
    expect(await ask('explain', { ...later, revision: body.revision - 1 })).toMatchObject({
      allowed: false,
      against: 'revision',
      revision: body.revision - 1,
    });
    expect(await ask('explain', { ...later, rules: [] })).toMatchObject({ allowed: false, against: 'draft' });
    await policy.save(rules);
  });

  test('needs to know of whom', async () => {
    expect(await api.viewer.post('/policy/explain', publish)).toMatchObject({ status: 422 });
    expect(await api.viewer.post('/policy/explain', { clientId: 'nobody', ...publish })).toMatchObject({ status: 404 });
  });
});

test('who can do something is told of rules and of clients, and all are counted', async () => {
  const answer = await ask<WhoAnswer>('who', { action: 'subscribe', filter: 'plant/#' });
  expect(answer.counts).toEqual({ all: 0, part: 1, none: 1 });
  expect(answer.clients).toMatchObject([
    { identity: { clientId: 'pump-1' }, extent: 'part', parts: [{ ruleId: 'press', exclusions: ['plant/valve'] }] },
  ]);
  expect(answer.rules).toMatchObject([{ ruleId: 'press', subject: 'label', cuts: [{ ruleId: 'no-valve' }] }]);
  const draft = { action: 'subscribe', filter: 'plant/valve', rules: [], settings: { noMatch: 'allow' }, limit: 1 };
  const open = await ask<WhoAnswer>('who', draft);
  expect([open.counts, open.clients.length]).toEqual([{ all: 2, part: 0, none: 0 }, 1]);
  expect(await api.viewer.post('/policy/who', { action: 'publish', filter: 'a/#/b' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'filter' }] },
  });
});

test('what a client can reach has its own values in it', async () => {
  const { parts } = await ask<ReachAnswer>('reach', { clientId: 'pump-1', action: 'publish' });
  expect(parts.map(({ filter, ruleId }) => [filter, ruleId])).toEqual([
    ['plant/#', 'press'],
    ['dev/pump-1/+', 'own'],
  ]);
});

test('a proposed rule does what was wanted where it is proposed', async () => {
  const wish = { clientId: 'lamp-1', action: 'publish', topic: 'plant/light' };
  const { proposals } = await ask<Proposals>('propose', { ...wish, effect: 'allow' });
  const [first] = proposals;
  expect(first).toMatchObject({ scope: 'one', rule: { effect: 'allow', topics: ['plant/light'], access: 'pub' } });
  const draft = (rules as object[]).toSpliced(first?.position ?? 0, 0, first?.rule ?? {});
  expect(await ask('explain', { ...wish, rules: draft })).toMatchObject({ allowed: true });
  const unknown = { client: { clientId: 'not-here', labels: ['press'] }, action: 'subscribe', topic: 'hall/#' };
  expect(await ask('propose', { ...unknown, effect: 'allow' })).toMatchObject({
    client: { live: false },
    proposals: [{ rule: { subject: 'clientid', value: 'not-here', topics: ['hall/#'], access: 'sub' } }],
  });
  const settled = await ask<Proposals>('propose', { ...wish, effect: 'deny' });
  expect(settled).toMatchObject({ proposals: [], obstacle: expect.stringContaining('Nothing to do') as string });
});

test('lint knows the labels that users carry', async () => {
  const draft = [aRule({ id: 'typo', subject: 'label', value: 'pres' }), aRule({ id: 'bad', topics: ['a/#/b'] })];
  const { errors, problems } = await ask<LintReport>('lint', { rules: draft });
  expect(problems.map(({ ruleId, code }) => [ruleId, code])).toEqual([
    ['typo', 'W12'],
    ['bad', 'E3'],
  ]);
  expect(errors).toBe(1);
  expect(await ask('lint', {})).toMatchObject({ errors: 0 });
});

test('lint knows which live rules decided nothing for long, and not since when a draft says otherwise', async () => {
  const aged = [...rules, aRule({ id: 'idle', topics: ['idle'] }), aRule({ id: 'fresh', topics: ['fresh'] })];
  const { body } = await policy.save(aged.slice(0, -1));
  const { pool } = api.app.app.get(Database);
  const long = new Date(Date.now() - 33 * 86_400_000);
  await pool.query("INSERT INTO rule_hits (rule_id, hour, hits, last_at) VALUES ('gone', $1, 1, $1)", [long]);
  await pool.query('UPDATE policy_revisions SET created_at = $1 WHERE number <= $2', [long, body.revision]);
  await policy.save(aged);
  const unused = async (draft: object) =>
    (await ask<LintReport>('lint', draft)).problems.filter(({ code }) => code === 'W9').map(({ ruleId }) => ruleId);
  expect(await unused({})).toContain('idle');
  expect(await unused({})).not.toContain('fresh');
  expect(await unused({ rules: aged.map((rule) => ({ ...rule, note: 'changed' })) })).toEqual([]);
  await policy.save(rules);
});

test('the least that a client needs is what it does', async () => {
  const { rules: suggested, excess } = (await api.viewer.get<Suggestion>('/policy/suggest/pump-1')).body;
  expect(suggested.flatMap(({ rule }) => rule.topics).toSorted()).toEqual(['dev/%c/state', 'plant/+', 'plant/temp']);
  expect(excess).toContainEqual(expect.objectContaining({ ruleId: 'press', access: 'pub' }));
  expect((await api.viewer.get('/policy/suggest/nobody')).status).toBe(404);
});
