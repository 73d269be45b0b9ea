import { Broker } from '@perch/broker';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { TopicChildren, TopicRateList, TopicSubscriberPage } from './topic.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
  for (const topic of ['plant/1/temp', 'plant/1', '/odd', 'shop/door'])
    await api.operator.put(`/retained/message?topic=${topic}`, { payload: 'x' });
  const pump = await device(api.app, { clientId: 'pump', clean: false });
  pump.subscribe('plant/1').subscribe('plant/+/temp', { qos: 1 }).subscribe('$share/crew/plant/#');
  const lamp = await device(api.app, { clientId: 'lamp' });
  lamp.subscribe('plant/2/light');
  await vi.waitFor(() => expect([pump, lamp].map((each) => each.received('suback').length)).toEqual([3, 1]));
});
afterAll(() => api?.app.close());

const childrenOf = async (query: string) => {
  const { body } = await api.viewer.get<TopicChildren>(`/topics${query}`);
  return { ...body, items: body.items.map(({ updatedAt, ...node }) => ({ ...node, isRetained: updatedAt !== null })) };
};
const aNode = (topic: string, level: string, counts = {}) => ({
  topic,
  level,
  subscribers: 0,
  subscribersBelow: 0,
  retainedBelow: 0,
  isRetained: false,
  ...counts,
});

describe('the tree of topics', () => {
  test('begins with the first levels, with what is at them and below', async () => {
    expect(await childrenOf('')).toEqual({
      items: [
        aNode('', '', { retainedBelow: 1 }),
        aNode('plant', 'plant', { retainedBelow: 2, subscribersBelow: 4 }),
        aNode('shop', 'shop', { retainedBelow: 1 }),
      ],
      more: false,
    });
  });

  test('goes on below a topic, wildcards of subscriptions included', async () => {
    const { items } = await childrenOf('?parent=plant');
    expect(items).toEqual([
      aNode('plant/#', '#', { subscribers: 1 }),
      aNode('plant/+', '+', { subscribersBelow: 1 }),
      aNode('plant/1', '1', { subscribers: 1, retainedBelow: 1, isRetained: true }),
      aNode('plant/2', '2', { subscribersBelow: 1 }),
    ]);
    expect((await childrenOf('?parent=')).items).toEqual([aNode('/odd', 'odd', { isRetained: true })]);
    expect((await childrenOf('?parent=nobody/knows')).items).toEqual([]);
  });

  test('of what is retained has no filters of subscriptions', async () => {
    const { items } = await childrenOf('?parent=plant&of=retained');
    expect(items).toEqual([aNode('plant/1', '1', { retainedBelow: 1, isRetained: true })]);
  });

  test('is cut where there are too many, and can be refined', async () => {
    const { retained } = api.app.app.get(Broker, { strict: false });
    const parts = { payload: Buffer.from('x'), qos: 0, retain: true, properties: null, publisher: 'p' } as const;
    for (let i = 0; i < 20_000; i++)
      retained.index.set({ ...parts, topic: `many/${i}`, receivedAt: 0, expiresAt: null });
    const first = await childrenOf('?parent=many');
    expect([first.items.length, first.more]).toEqual([10_000, true]);
    const refined = await childrenOf('?parent=many&prefix=1999');
    expect([refined.items.map(({ level }) => level), refined.more]).toEqual([
      ['1999', ...Array.from({ length: 10 }, (_, i) => `1999${i}`)],
      false,
    ]);
  });
});

test('the rate of a topic is known when it is asked for a second time', async () => {
  const ask = async () =>
    (await api.viewer.post<TopicRateList>('/topics/rates', { topics: ['rate/1', 'rate/+'] })).body;
  expect(await ask()).toEqual({ rates: [null, null] });
  const valve = await device(api.app, { clientId: 'valve' });
  for (let i = 0; i < 20; i++) valve.publish('rate/1', 'x');
  await vi.waitFor(async () => expect((await ask()).rates).toEqual([expect.any(Number), null]), { timeout: 5000 });
  expect((await api.viewer.post('/topics/rates', { topics: Array.from({ length: 1001 }, String) })).status).toBe(422);
});

describe('the subscribers of a topic', () => {
  const subscribersOf = async (query: string) =>
    (await api.viewer.get<TopicSubscriberPage>(`/topics/subscribers?${query}`)).body;

  test('are those whose filters match it, by client', async () => {
    const { items, total } = await subscribersOf('filter=plant/1');
    expect(items).toMatchObject([
      { clientId: 'pump', filter: '$share/crew/plant/#', share: 'crew', online: true, excluded: false },
      { clientId: 'pump', filter: 'plant/1', share: null, qos: 0 },
    ]);
    expect(total).toBe(2);
  });

  test('of a filter are those that share a topic with it, page by page', async () => {
    const first = await subscribersOf('filter=plant/%2B/%2B&limit=2');
    expect(first.items.map(({ clientId, filter }) => [clientId, filter])).toEqual([
      ['lamp', 'plant/2/light'],
      ['pump', '$share/crew/plant/#'],
    ]);
    const { items, next, total } = await subscribersOf(`filter=plant/%2B/%2B&limit=2&after=${first.next}`);
    expect([items.map(({ filter, qos }) => [filter, qos]), next, total]).toEqual([[['plant/+/temp', 1]], null, 3]);
  });

  test('are not found by what is no filter', async () => {
    expect((await api.viewer.get('/topics/subscribers?filter=a%23')).status).toBe(400);
  });
});
