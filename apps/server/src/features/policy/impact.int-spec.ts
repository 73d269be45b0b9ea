import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Broker } from '@perch/broker';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { ImpactJob, PolicyImpact } from './impact.schemas.js';
import type { PolicyChange } from './policy.schemas.js';
import { aRule, type Saver, saver } from './testing/saver.js';

let api: TestApi;
let policy: Saver;
const clientIds = ['dev-1', 'dev-2', 'dev-3'];
const filters = ['a', 'a/#', '+/b', 'a/b/c', '#', 'c/+', '$share/g/a/#'];
const everything = aRule({ id: 'everything', topics: ['#'] });

beforeAll(async () => {
  api = await startTestApi();
  policy = saver(api);
  await api.admin.post('/users', { username: 'pump', password: 'let me in', labels: ['press'] });
});
afterAll(() => api?.app.close());

async function preview(draft: object): Promise<PolicyImpact> {
  const { body } = await api.operator.post<ImpactJob>('/policy/impact', draft);
  return vi.waitFor(async () => {
    const { body: job } = await api.operator.get<ImpactJob>(`/policy/impact/${body.id}`);
    expect(job.state).toBe('done');
    return job.impact as PolicyImpact;
  }, 20_000);
}

/** Three clients with every filter and a will, under a policy that allows everything. */
async function connectAll(): Promise<void> {
  await policy.save([everything]);
  for (const clientId of clientIds) {
    const will = { topic: `a/${clientId}`, payload: Buffer.from('gone'), qos: 0 as const, retain: false };
    const client = await device(api.app, { ...as('pump', 'let me in', clientId), will });
    for (const filter of filters) client.subscribe(filter);
    await vi.waitFor(() => expect(client.received('suback')).toHaveLength(filters.length));
  }
}

const anyRule = fc.record({
  effect: fc.constantFrom('allow', 'allow', 'deny'),
  subject: fc.constantFrom('clientid', 'username', 'label', 'everyone'),
  access: fc.constantFrom('pub', 'sub', 'pubsub'),
  topics: fc.subarray(['a', 'a/#', '+/b', '#', 'c/%c', 'a/%c', '$SYS/#'], { minLength: 1, maxLength: 2 }),
});
const values = { clientid: 'dev-1', username: 'pump', label: 'press', everyone: '*' };

test('what a preview says is what a save then takes away, whatever the rules', async () => {
  const drafts = fc.sample(fc.array(anyRule, { minLength: 1, maxLength: 5 }), { numRuns: 6, seed: 20260 });
  for (const [run, drafted] of drafts.entries()) {
    await connectAll();
    const rules = drafted.map((rule, index) => ({ ...rule, id: `r${index}`, value: values[rule.subject] }));
    const settings = {
      noMatch: run % 3 === 0 ? 'allow' : 'deny',
      wildcardOverlap: run % 2 === 0 ? 'exclude' : 'reject',
    };
    const { totals, clients, losing } = await preview({ rules, settings });
    const { body } = await policy.save(rules, { settings });
    const { lost } = body satisfies PolicyChange;
    expect(
      {
        total: clients.total,
        subscriptions: totals.subscription.loses,
        narrowed: totals.subscription.narrowed,
        wills: totals.will.loses,
      },
      JSON.stringify({ rules, settings }),
    ).toEqual({
      total: clientIds.length,
      subscriptions: lost.subscriptions,
      narrowed: lost.narrowed,
      wills: lost.wills,
    });
    const foretold = losing.flatMap(({ identity, changes }) =>
      changes
        .filter(({ kind, subject }) => subject !== 'publish' && (kind === 'loses' || kind === 'narrowed'))
        .map(({ topic, kind, subject }) => [identity.clientId, subject === 'will' ? 'will' : kind, topic].join(' ')),
    );
    const happened = lost.items.map(({ clientId, kind, topic }) =>
      [clientId, kind === 'subscription' ? 'loses' : kind, topic].join(' '),
    );
    expect(foretold.toSorted()).toEqual(happened.toSorted());
    for (const clientId of clientIds) api.app.app.get(Broker).disconnect(clientId);
    await policy.save([everything], { settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } });
  }
}, 60_000);

test('a publish that would be refused is told with the rule that would', async () => {
  await policy.save([everything]);
  const client = await device(api.app, as('pump', 'let me in', 'talker'));
  client.publish('a/temp', '1').publish('b/temp', '2');
  const { losing } = await preview({ rules: [aRule({ id: 'no', effect: 'deny', topics: ['b/#'] }), everything] });
  expect(losing).toMatchObject([
    {
      identity: { clientId: 'talker' },
      changes: [{ subject: 'publish', topic: 'b/temp', before: 'everything', after: 'no' }],
    },
  ]);
});

test('a newer preview of the same operator ends the one before, and nobody sees another’s', async () => {
  const draft = { rules: [everything] };
  const { body: first } = await api.operator.post<ImpactJob>('/policy/impact', draft);
  const { body: second } = await api.operator.post<ImpactJob>('/policy/impact', draft);
  const { body: others } = await api.viewer.post<ImpactJob>('/policy/impact', draft);
  const stateOf = async ({ id }: ImpactJob, by = api.operator) =>
    (await by.get<ImpactJob>(`/policy/impact/${id}`)).body.state;
  await vi.waitFor(async () => {
    expect([await stateOf(first), await stateOf(second), await stateOf(others, api.viewer)]).toEqual([
      'cancelled',
      'done',
      'done',
    ]);
  }, 20_000);
  expect((await api.operator.get(`/policy/impact/${others.id}`)).status).toBe(404);
  const { body: third } = await api.operator.post<ImpactJob>('/policy/impact', draft);
  expect((await api.operator.delete(`/policy/impact/${third.id}`)).status).toBe(204);
  await vi.waitFor(async () => expect(await stateOf(third)).toBe('cancelled'));
});

test('a draft that could not be saved is refused at once', async () => {
  const refused = await api.operator.post('/policy/impact', { rules: [aRule({ topics: ['a/#/b'] })] });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'rules.0.topics.0' }] } });
});
