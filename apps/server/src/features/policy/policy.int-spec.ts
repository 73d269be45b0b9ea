import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { PolicyChange, PolicyDoc } from './policy.schemas.js';
import type { RevisionPage } from './revision.schemas.js';
import type { Rule, RuleInput } from './rule.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.admin.post('/users', { username: 'pump', password: 'let me in' });
});
afterAll(() => api?.app.close());
beforeEach(async () => void (await save([])));

const aRule = (fields: Partial<RuleInput> = {}) => ({
  effect: 'allow',
  subject: 'everyone',
  access: 'pubsub',
  topics: ['a'],
  ...fields,
});

const live = async () => (await api.viewer.get<PolicyDoc>('/policy')).body;

async function save(rules: object[], fields = {}) {
  const { revision } = await live();
  return api.operator.put<PolicyChange>('/policy', { rules, ...fields }, { 'if-match': `"${revision}"` });
}

const topicsOf = ({ rules }: { rules: Rule[] }) => rules.map(({ topics }) => topics.join());

test('a new server denies everything, by a first revision without rules', async () => {
  expect((await api.viewer.get('/policy/revisions/1')).body).toMatchObject({
    revision: 1,
    author: 'perch',
    rules: [],
    settings: { noMatch: 'deny', wildcardOverlap: 'exclude' },
  });
});

describe('saving', () => {
  test('makes the next revision, with an id for each new rule', async () => {
    const { revision } = await live();
    const saved = await save([aRule({ topics: ['x/%c'], note: 'own' }), aRule({ id: 'kept_1' })], { message: 'first' });
    expect(saved).toMatchObject({
      status: 200,
      body: { revision: revision + 1, author: 'operator', message: 'first', lost: { total: 0, items: [] } },
    });
    const [first, second] = saved.body.rules;
    expect(first).toMatchObject({
      topics: ['x/%c'],
      note: 'own',
      value: '*',
      enabled: true,
      mode: 'enforce',
      validUntil: null,
    });
    expect(first?.id).toMatch(/^\w{12}$/);
    expect(second?.id).toBe('kept_1');
    const { body, headers } = await api.viewer.get<PolicyDoc>('/policy');
    expect(headers.get('etag')).toBe(`"${revision + 1}"`);
    expect({ ...body, lost: saved.body.lost }).toEqual(saved.body);
  });

  test('needs to know what it replaces', async () => {
    expect(await api.operator.put('/policy', { rules: [] })).toMatchObject({
      status: 428,
      body: { code: 'revision-required' },
    });
    expect(await api.operator.put('/policy', { rules: [] }, { 'if-match': 'yesterday' })).toMatchObject({
      status: 400,
    });
  });

  test('is refused with the live revision when somebody was faster', async () => {
    const { revision } = await live();
    await save([aRule()]);
    const late = await api.operator.put('/policy', { rules: [] }, { 'if-match': `"${revision}"` });
    expect(late).toMatchObject({ status: 412, body: { code: 'revision-mismatch', current: revision + 1 } });
    expect(topicsOf(await live())).toEqual(['a']);
  });

  test('by many at one time lets one through', async () => {
    const { revision } = await live();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_none, i) =>
        api.operator.put('/policy', { rules: [aRule({ topics: [`t/${i}`] })] }, { 'if-match': `"${revision}"` }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(412)]);
    expect((await live()).revision).toBe(revision + 1);
  });

  test('names every field that is wrong and changes nothing', async () => {
    const { revision } = await live();
    const { status, body } = await save([
      aRule({ topics: [] }),
      aRule({ topics: ['ok', 'bad/#/filter'] }),
      aRule({ subject: 'ipaddr', value: '300.0.0.1' }),
      aRule({ id: 'same' }),
      aRule({ id: 'same' }),
    ]);
    expect(status).toBe(422);
    expect((body as unknown as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      'rules.0.topics',
      'rules.1.topics.1',
      'rules.2.value',
      'rules.4.id',
    ]);
    expect((await live()).revision).toBe(revision);
  });

  test('keeps settings that were not sent', async () => {
    await save([], { settings: { wildcardOverlap: 'reject' } });
    expect((await save([])).body.settings).toEqual({ noMatch: 'deny', wildcardOverlap: 'reject' });
    await save([], { settings: { wildcardOverlap: 'exclude' } });
  });

  test('is in the audit log with what differs', async () => {
    await save([aRule({ id: 'one' }), aRule({ id: 'two' })]);
    const { body } = await save([aRule({ id: 'one' }), aRule({ id: 'two', effect: 'deny' })], { message: 'shut two' });
    const audit = await api.admin.get(`/audit?object=policy/${body.revision}`);
    expect(audit.body).toMatchObject({
      items: [
        {
          action: 'policy.replace',
          operator: 'operator',
          before: { revision: body.revision - 1, rules: [{ id: 'two', effect: 'allow' }] },
          after: { revision: body.revision, rules: [{ id: 'two', effect: 'deny' }], message: 'shut two' },
        },
      ],
    });
  });
});

describe('live sessions', () => {
  test('lose exactly what a save takes away, before its reply, and nobody else notices', async () => {
    await save([aRule({ id: 'a', topics: ['a/#'] }), aRule({ id: 'b', topics: ['b/#'] })]);
    const client = await device(api.app, as('pump', 'let me in', 'pump-1'));
    client.subscribe('a/x').subscribe('b/x');
    await vi.waitFor(() => expect(client.received('suback')).toHaveLength(2));
    const { body } = await save([aRule({ id: 'b', topics: ['b/#'] })]);
    const loss = { clientId: 'pump-1', username: 'pump', kind: 'subscription', topic: 'a/x', ruleId: null };
    const lost = { total: 1, clients: 1, subscriptions: 1, narrowed: 0, wills: 0, items: [loss] };
    expect(body.lost).toEqual(lost);
    expect((await api.admin.get(`/audit?object=policy/${body.revision}`)).body).toMatchObject({
      items: [{ action: 'policy.enforced', operator: 'operator', after: lost }, { action: 'policy.replace' }],
    });
    const session = (await api.viewer.get('/clients/pump-1')).body;
    expect(session).toMatchObject({ online: true, session: { subscriptions: [{ filter: 'b/x', ruleId: 'b' }] } });
  });

  test('are disconnected when the save says so, if they lost something, and told why', async () => {
    await save([aRule({ id: 'a', topics: ['a/#'] }), aRule({ id: 'b', topics: ['b/#'] })]);
    const v5 = { protocolVersion: 5 } as const;
    const loser = await device(api.app, { ...as('pump', 'let me in', 'loser'), ...v5 });
    const other = await device(api.app, { ...as('pump', 'let me in', 'other'), ...v5 });
    loser.subscribe('a/x');
    other.subscribe('b/x');
    await vi.waitFor(() => expect([loser.last('suback'), other.last('suback')]).not.toContain(undefined));
    const { body } = await save([aRule({ id: 'b', topics: ['b/#'] })], { existing: 'disconnect' });
    expect(body.lost.items.map(({ clientId }) => clientId)).toEqual(['loser']);
    expect([loser.isClosed, other.isClosed]).toEqual([true, false]);
    expect(loser.last('disconnect')).toMatchObject({ reasonCode: 0x87 });
  });

  test('lose what a rule gave when its time is over', async () => {
    const validUntil = new Date(Date.now() + 1500).toISOString();
    await save([aRule({ topics: ['soon'], validUntil })]);
    const client = await device(api.app, as('pump', 'let me in', 'pump-2'));
    client.subscribe('soon');
    await vi.waitFor(() => expect(client.last('suback')).toMatchObject({ granted: [0] }));
    const subscriptions = async () =>
      (await api.viewer.get<{ session: { subscriptions: object[] } }>('/clients/pump-2')).body.session.subscriptions;
    expect(await subscriptions()).toHaveLength(1);
    await vi.waitFor(async () => expect(await subscriptions()).toEqual([]), { timeout: 5000 });
    const { revision, rules, endingSoon } = await live();
    expect(endingSoon).toEqual([]);
    await vi.waitFor(async () =>
      expect((await api.admin.get(`/audit?object=policy/${revision}`)).body).toMatchObject({
        items: [
          {
            action: 'rules.end',
            operator: 'perch',
            before: { rules },
            after: { lost: { total: 1, items: [{ clientId: 'pump-2', topic: 'soon' }] } },
          },
          { action: 'policy.replace' },
        ],
      }),
    );
  });
});

describe('single rules', () => {
  test('are added, changed, moved and removed, each in a revision of its own', async () => {
    const { revision } = await live();
    await api.operator.post('/policy/rules', { rule: aRule({ topics: ['first'] }) });
    const added = await api.operator.post<PolicyChange>('/policy/rules', {
      rule: aRule({ topics: ['second'] }),
      position: 0,
    });
    expect([added.status, topicsOf(added.body)]).toEqual([201, ['second', 'first']]);
    const { id } = added.body.rules[0] as Rule;
    expect((await api.viewer.get(`/policy/rules/${id}`)).body).toEqual(added.body.rules[0]);
    const moved = await api.operator.post<PolicyChange>(`/policy/rules/${id}/move`, { position: 99 });
    expect(topicsOf(moved.body)).toEqual(['first', 'second']);
    const changed = await api.operator.patch<PolicyChange>(`/policy/rules/${id}`, { enabled: false, note: 'off' });
    expect(changed.body.rules[1]).toEqual({ ...(added.body.rules[0] as Rule), enabled: false, note: 'off' });
    const removed = await api.operator.delete<PolicyChange>(`/policy/rules/${id}`);
    expect([topicsOf(removed.body), removed.body.revision]).toEqual([['first'], revision + 5]);
    for (const answer of [
      await api.viewer.get(`/policy/rules/${id}`),
      await api.operator.patch(`/policy/rules/${id}`, { enabled: true }),
      await api.operator.delete(`/policy/rules/${id}`),
      await api.operator.post(`/policy/rules/${id}/move`, { position: 0 }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
  });

  test('are not changed on top of a revision that was not seen, nor into nonsense', async () => {
    const { revision } = await live();
    const old = { 'if-match': `"${revision - 1}"` };
    expect((await api.operator.post('/policy/rules', { rule: aRule() }, old)).status).toBe(412);
    const bad = await api.operator.post('/policy/rules', { rule: aRule({ topics: ['a+'] }) });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'rule.topics.0' }] } });
    const { body } = await api.operator.post<PolicyChange>('/policy/rules', { rule: aRule() });
    const worse = await api.operator.patch(`/policy/rules/${body.rules[0]?.id}`, { topics: ['x/%z'] });
    expect(worse).toMatchObject({ status: 422, body: { errors: [{ path: 'topics.0' }] } });
  });

  test('of eight requests at one time are all added', async () => {
    const { revision } = await live();
    await Promise.all(
      Array.from({ length: 8 }, (_none, i) =>
        api.operator.post('/policy/rules', { rule: aRule({ topics: [`t/${i}`] }) }),
      ),
    );
    const after = await live();
    expect([after.revision, topicsOf(after).toSorted()]).toEqual([
      revision + 8,
      Array.from({ length: 8 }, (_none, i) => `t/${i}`),
    ]);
  });
});

const aclConf = `
# the sensors
allow  clientid  *     1  toCloud/%c
allow  username  joy   3  /test,hello/world

deny   clientid  *     3  #
`;

describe('acl.conf', () => {
  const importText = (fields: object) =>
    api.operator.post<PolicyChange>('/policy/import', {
      format: 'acl.conf',
      text: aclConf,
      mode: 'replace',
      ...fields,
    });

  test('is imported, exported, and reads the same again', async () => {
    const { body, status } = await importText({});
    expect([status, topicsOf(body)]).toEqual([200, ['toCloud/%c', '/test,hello/world', '#']]);
    expect(body.rules.map(({ access }) => access)).toEqual(['pub', 'pubsub', 'pubsub']);
    const file = await api.viewer.get<string>('/policy/export?format=acl.conf');
    expect(file.headers.get('content-type')).toContain('text/plain');
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename=perch-policy-${body.revision}.conf`);
    const again = await importText({ text: file.body });
    const withoutIds = ({ rules }: PolicyDoc) => rules.map(({ id: _id, ...rule }) => rule);
    expect(withoutIds(again.body)).toEqual(withoutIds(body));
  });

  test('goes before or behind what is there, and reads the digits either way', async () => {
    await save([aRule({ topics: ['mine'] })]);
    await importText({ mode: 'append', text: 'allow username joy 1 last', digits: 'sub-pub' });
    const { body } = await importText({ mode: 'prepend', text: 'deny username joy 1 first' });
    expect(topicsOf(body)).toEqual(['first', 'mine', 'last']);
    expect(body.rules.map(({ access }) => access)).toEqual(['pub', 'pubsub', 'sub']);
  });

  test('with errors is not imported at all, and every error is answered with its place', async () => {
    const { revision } = await live();
    const text =
      'allow clientid x 1 ok\npermit clientid x 1 t\nallow ip 300.1.1.1 3 t\nallow username joy 4 t\nallow username joy 3 a/#/b\n';
    const { status, body } = await importText({ text });
    expect(status).toBe(422);
    const { errors } = body as unknown as { errors: { path: string; line: number; column: number; message: string }[] };
    expect(errors.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    for (const { path, line, column, message } of errors) {
      expect(path).toBe(`text:${line}:${column}`);
      expect(message).not.toBe('');
    }
    expect((await live()).revision).toBe(revision);
  });

  test('can be tried without a change', async () => {
    const before = await live();
    const { body } = await importText({ dryRun: true });
    expect([body.revision, body.rules.length]).toEqual([before.revision, 3]);
    expect(await live()).toEqual(before);
  });
});

test('an export as JSON is the whole policy', async () => {
  await save([aRule({ note: 'shadow', mode: 'shadow', enabled: false })]);
  const { body, headers } = await api.viewer.get('/policy/export?format=json');
  expect(headers.get('content-type')).toContain('application/json');
  expect(body).toEqual(await live());
});

describe('explaining', () => {
  const explain = (fields: object) =>
    api.viewer.post('/policy/explain', {
      client: { clientId: 'dev-1', username: 'joy' },
      action: 'publish',
      topic: 'a/b',
      ...fields,
    });

  test('says which rule decides, and why the others did not', async () => {
    await save([
      aRule({ id: 'other', subject: 'username', value: 'ann', topics: ['a/b'] }),
      aRule({ id: 'mine', topics: ['a/+'] }),
    ]);
    expect((await explain({})).body).toMatchObject({
      allowed: true,
      ruleId: 'mine',
      steps: [
        { ruleId: 'other', outcome: 'subject', applies: false },
        { ruleId: 'mine', outcome: 'applies', applies: true },
      ],
    });
  });

  test('knows the labels that the client’s user carries', async () => {
    await save([aRule({ id: 'staff', subject: 'label', value: 'staff', topics: ['a/+'] })]);
    const client = { clientId: 'dev-1', labels: ['staff'] };
    expect((await explain({ client })).body).toMatchObject({ allowed: true, ruleId: 'staff' });
    expect((await explain({})).body).toMatchObject({ allowed: false, steps: [{ outcome: 'subject' }] });
  });

  test('judges a draft that nobody saved', async () => {
    expect((await explain({})).body).toMatchObject({ allowed: false, ruleId: null, steps: [] });
    const draft = { rules: [aRule({ topics: ['a/b'] })] };
    expect((await explain(draft)).body).toMatchObject({ allowed: true, ruleId: 'new-0' });
    expect((await explain({ settings: { noMatch: 'allow' } })).body).toMatchObject({ allowed: true });
  });
});

test('revisions page from the newest to the first, and each can be read', async () => {
  const { body } = await save([aRule({ topics: ['kept'] })], { message: 'kept' });
  const pages: RevisionPage['items'][] = [];
  for (let after = ''; ;) {
    const page = (await api.viewer.get<RevisionPage>(`/policy/revisions?limit=7${after}`)).body;
    pages.push(page.items);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  const numbers = pages.flat().map(({ revision }) => revision);
  expect(numbers).toEqual(Array.from({ length: body.revision }, (_none, i) => body.revision - i));
  await save([]);
  expect(topicsOf((await api.viewer.get<PolicyDoc>(`/policy/revisions/${body.revision}`)).body)).toEqual(['kept']);
  expect((await api.viewer.get('/policy/revisions/99999')).status).toBe(404);
});
