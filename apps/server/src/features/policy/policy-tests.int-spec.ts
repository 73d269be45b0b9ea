import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { PolicyDoc } from './policy.schemas.js';
import type { PolicyBlame, PolicyDiff, RevisionPage } from './revision.schemas.js';
import { aRule, ifMatch, type Saver, saver } from './testing/saver.js';

let api: TestApi;
let policy: Saver;
beforeAll(async () => {
  api = await startTestApi();
  policy = saver(api);
});
afterAll(() => api?.app.close());
beforeEach(async () => void (await policy.save([], { tests: [] })));

const mayRead = {
  id: 'may-read',
  client: { clientId: 'dev-1', username: 'joy', labels: ['staff'] },
  action: 'subscribe',
  topic: 'a/b',
  expect: 'allow',
  note: 'their own',
};
const stored = { ...mayRead, client: { ...mayRead.client, address: null } };
const reader = aRule({ id: 'reader', subject: 'label', value: 'staff', topics: ['a/#'] });
const closed = aRule({ id: 'closed', effect: 'deny', topics: ['a/b'] });

describe('access tests', () => {
  test('are part of the revision, and stay when a save does not name them', async () => {
    const { body } = await policy.save([reader], { tests: [mayRead, { ...mayRead, id: undefined, topic: 'a/c' }] });
    expect(body.tests[0]).toEqual(stored);
    expect(body.tests[1]?.id).toMatch(/^\w{12}$/);
    await policy.save([reader], { message: 'the same' });
    expect((await policy.live()).tests).toEqual(body.tests);
    expect((await api.viewer.get<PolicyDoc>(`/policy/revisions/${body.revision}`)).body.tests).toEqual(body.tests);
  });

  test('that cannot say anything are refused at their field', async () => {
    const refused = await policy.save([], {
      tests: [mayRead, { ...mayRead, topic: 'a/#/b', client: { clientId: '', address: 'here' } }],
    });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: 'tests.1.client.clientId' },
          { path: 'tests.1.client.address' },
          { path: 'tests.1.topic' },
          { path: 'tests.1.id' },
        ],
      },
    });
  });

  describe('that fail', () => {
    const refusal = { testId: 'may-read', passed: false, allowed: false };
    const failure = { ...refusal, ruleId: 'closed' };

    test('keep every kind of change from being saved, and say why', async () => {
      const { body: bad } = await policy.save([closed], { tests: [{ ...mayRead, expect: 'deny' }] });
      await policy.save([reader, closed], { tests: [mayRead] });
      for (const answer of [
        await policy.save([closed, reader]),
        await api.operator.post('/policy/rules', { rule: { ...closed, id: 'closed2' }, position: 0 }),
        await api.operator.post('/policy/rules/closed/move', { position: 0 }),
        await api.operator.patch('/policy/rules/reader', { enabled: false }),
        await api.operator.delete('/policy/rules/reader'),
        await api.operator.post('/policy/import', {
          format: 'acl.conf',
          mode: 'replace',
          text: 'deny clientid * 3 a/b',
        }),
      ]) {
        expect(answer).toMatchObject({ status: 422, body: { code: 'tests-failed', failedTests: [refusal] } });
      }
      expect((await policy.live()).rules.map(({ id }) => id)).toEqual(['reader', 'closed']);
      // A revision is restored with its own tests.
      expect((await api.operator.post(`/policy/revisions/${bad.revision}/restore`, {})).status).toBe(200);
    });

    test('do not keep an admin who says why, and the reason stays with the revision and in the audit log', async () => {
      await policy.save([reader], { tests: [mayRead] });
      const overrideReason = 'The plant is on fire';
      const byOperator = await policy.save([closed, reader], { overrideReason });
      expect(byOperator).toMatchObject({ status: 403, body: { code: 'not-allowed', failedTests: [failure] } });
      const { status, body } = await policy.save([closed, reader], { overrideReason }, api.admin);
      expect([status, body.overrideReason]).toEqual([200, overrideReason]);
      const { items } = (await api.viewer.get<RevisionPage>('/policy/revisions?limit=1')).body;
      expect(items).toMatchObject([{ author: 'admin', overrideReason, rules: 2, tests: 1 }]);
      expect((await api.admin.get(`/audit?object=policy/${body.revision}`)).body).toMatchObject({
        items: [{ action: 'policy.replace', reason: overrideReason }],
      });
    });

    test('can be overridden where a route has no place for it in the body', async () => {
      await policy.save([reader], { tests: [mayRead] });
      const path = '/policy/rules/reader?overrideReason=gone&existing=disconnect';
      expect(await api.admin.delete(path)).toMatchObject({ status: 200, body: { overrideReason: 'gone' } });
    });
  });

  test('that pass need no reason, and keep none', async () => {
    const { body } = await policy.save([reader], { tests: [mayRead], overrideReason: 'just in case' }, api.admin);
    expect(body.overrideReason).toBeNull();
  });

  test('run against the live policy, a draft and a revision, those that are stored and others', async () => {
    const { body } = await policy.save([reader], { tests: [mayRead] });
    await policy.save([reader, aRule({ topics: ['b'] })], { tests: [] });
    const run = async (fields: object) => (await api.viewer.post('/policy/tests', fields)).body;
    expect(await run({})).toEqual({ passed: 0, failed: 0, results: [] });
    expect(await run({ tests: [mayRead] })).toMatchObject({
      passed: 1,
      failed: 0,
      results: [{ testId: 'may-read', passed: true, allowed: true, ruleId: 'reader' }],
    });
    expect(await run({ tests: [mayRead], rules: [closed, reader] })).toMatchObject({
      failed: 1,
      results: [{ ruleId: 'closed', reason: expect.stringContaining('rule 1') as string }],
    });
    expect(await run({ revision: body.revision })).toMatchObject({ passed: 1 });
    expect(await api.viewer.post('/policy/tests', { revision: 1, rules: [] })).toMatchObject({ status: 422 });
    expect(await api.viewer.post('/policy/tests', { revision: 99_999 })).toMatchObject({ status: 404 });
  });
});

describe('revisions', () => {
  test('differ by rule, setting and test', async () => {
    const { body: from } = await policy.save([reader, closed]);
    const { body: to } = await policy.save([aRule({ id: 'new' }), { ...reader, note: 'n' }], {
      tests: [mayRead],
      settings: { wildcardOverlap: 'reject' },
    });
    const diff = await api.viewer.get<PolicyDiff>(`/policy/diff?from=${from.revision}`);
    expect(diff.body).toMatchObject({
      from: from.revision,
      to: to.revision,
      rules: [
        { kind: 'added', rule: { id: 'new' }, position: 1 },
        { kind: 'changed', fields: ['note'], position: 2 },
        { kind: 'removed', rule: { id: 'closed' }, position: 2 },
      ],
      settings: ['wildcardOverlap'],
      tests: [{ kind: 'added', test: stored }],
      count: 5,
    });
    const back = await api.viewer.get<PolicyDiff>(`/policy/diff?from=${to.revision}&to=${from.revision}`);
    expect(back.body).toMatchObject({ count: 5, tests: [{ kind: 'removed' }] });
    expect((await api.viewer.get('/policy/diff?from=99999')).status).toBe(404);
    await policy.save([], { settings: { wildcardOverlap: 'exclude' } });
  });

  test('say who made each rule and who changed it', async () => {
    const { body: made } = await policy.save([reader, closed], { message: 'made' });
    const { body: changed } = await policy.save(
      [reader, { ...closed, note: 'later' }],
      { message: 'later' },
      api.admin,
    );
    await policy.save([...changed.rules, aRule({ id: 'last' })]);
    const blame = (await api.viewer.get<PolicyBlame>('/policy/blame')).body;
    expect(blame.items).toMatchObject([
      { ruleId: 'reader', created: { revision: made.revision }, changed: { revision: made.revision } },
      { ruleId: 'closed', created: { author: 'operator' }, changed: { author: 'admin', message: 'later' } },
      { ruleId: 'last', created: { revision: blame.revision } },
    ]);
    expect(blame.searchedTo).toBe(made.revision - 1);
  });

  test('are restored as new ones, with their tests', async () => {
    const { body: old } = await policy.save([reader], { tests: [mayRead], message: 'good' });
    const { body: bad } = await policy.save([], { tests: [] });
    const path = `/policy/revisions/${old.revision}/restore`;
    expect(await api.operator.post(path, {}, ifMatch(old.revision))).toMatchObject({
      status: 412,
      body: { current: bad.revision },
    });
    const { body } = await api.operator.post<PolicyDoc>(path, {}, ifMatch(bad.revision));
    expect(body).toMatchObject({ revision: bad.revision + 1, message: `Restored revision ${old.revision}` });
    expect([body.rules, body.tests]).toEqual([old.rules, old.tests]);
    expect((await api.operator.post('/policy/revisions/99999/restore', {})).status).toBe(404);
  });
});

describe('two operators who edit at one time', () => {
  const a = aRule({ id: 'a', topics: ['a'] });
  const b = aRule({ id: 'b', topics: ['b'] });

  test('are told what both changed together', async () => {
    const { body: base } = await policy.save([a, b]);
    await policy.save([{ ...a, note: 'mine' }, b], { tests: [{ ...mayRead, expect: 'deny' }] });
    const late = await api.admin.put(
      '/policy',
      { rules: [a, { ...b, note: 'theirs' }, aRule({ id: 'c' })] },
      ifMatch(base.revision),
    );
    expect(late).toMatchObject({
      status: 412,
      body: {
        code: 'revision-mismatch',
        current: base.revision + 1,
        merge: {
          base: base.revision,
          theirs: base.revision + 1,
          rules: [{ id: 'a', note: 'mine' }, { id: 'b', note: 'theirs' }, { id: 'c' }],
          tests: [{ id: 'may-read' }],
          conflicts: [],
        },
      },
    });
    const { rules, tests, settings } = (late.body as { merge: PolicyDoc }).merge;
    const merged = await api.admin.put('/policy', { rules, tests, settings }, ifMatch(base.revision + 1));
    expect(merged.status).toBe(200);
  });

  test('are told where they disagree', async () => {
    const { body: base } = await policy.save([a, b]);
    await policy.save([{ ...a, topics: ['x'] }]);
    const late = await api.admin.put(
      '/policy',
      {
        rules: [
          { ...a, topics: ['y'] },
          { ...b, effect: 'deny' },
        ],
      },
      ifMatch(base.revision),
    );
    expect((late.body as { merge: object }).merge).toMatchObject({
      rules: [
        { id: 'a', topics: ['y'] },
        { id: 'b', effect: 'deny' },
      ],
      conflicts: [
        { kind: 'field', ruleId: 'a', fields: ['topics'], mine: { topics: ['y'] }, theirs: { topics: ['x'] } },
        { kind: 'removed', ruleId: 'b', theirs: null },
      ],
    });
  });
});
