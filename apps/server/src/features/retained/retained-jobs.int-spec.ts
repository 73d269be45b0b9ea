import { setImmediate } from 'node:timers/promises';
import { Broker, type Message } from '@perch/broker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { RetainedJob, RetainedJobs } from './retained-job.schemas.js';
import type { RetainedPage } from './retained.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

const parts = { qos: 0, retain: true, publisher: 'p', receivedAt: 0, expiresAt: null } as const;
const retained = () => api.app.app.get(Broker, { strict: false }).retained;
const count = async (filter: string) =>
  (await api.viewer.get(`/retained/count?filter=${encodeURIComponent(filter)}`)).body['count'];

/** Keeps so many messages, as if they had been there when the server started. */
async function keepMany(topics: readonly string[], properties: Message['properties'] = null): Promise<void> {
  const kept = topics.map((topic) => retained().keep({ ...parts, topic, properties, payload: Buffer.from('x') }));
  await Promise.all(kept);
}

/** A hundred thousand, in the index alone: what is measured is that. */
async function fill(root: string): Promise<void> {
  for (const [index, topic] of topicsUnder(root, 100_000).entries()) {
    retained().index.set({ ...parts, topic, properties: null, payload: Buffer.from('x') });
    if (index % 5_000 === 0) await setImmediate();
  }
}

const topicsUnder = (root: string, many: number) => Array.from({ length: many }, (_, i) => `${root}/${i % 100}/${i}`);

async function begin(filter: string, expected: number): Promise<RetainedJob> {
  const { status, body } = await api.operator.post<RetainedJob>('/retained/jobs', { filter, expected });
  expect([status, body]).toMatchObject([201, { kind: 'delete', state: 'running', filter }]);
  return body;
}

async function ended(id: string): Promise<RetainedJob> {
  return vi.waitFor(async () => {
    const { items } = (await api.viewer.get<RetainedJobs>('/retained/jobs')).body;
    const job = items.find((each) => each.id === id);
    if (!job || job.state === 'running') throw new Error('it still runs');
    return job;
  }, 30_000);
}

test('a sub-tree is deleted for subscribers, for the database and for the log, and nothing else', async () => {
  await keepMany([...topicsUnder('plant', 1_000), 'plants', 'plant/0']);
  const watcher = await device(api.app, { clientId: 'watcher' });
  watcher.subscribe('plant/7/#');
  await vi.waitFor(() => expect(watcher.messages.length).toBe(10), 10_000);
  expect(await count('plant/#')).toBe(1_001);
  const job = await ended((await begin('plant/#', 1_001)).id);
  expect(job).toMatchObject({ state: 'done', total: 1_001, done: 1_001, skipped: 0, startedBy: 'operator' });
  await vi.waitFor(() => expect(watcher.messages.filter((text) => text.endsWith('=')).length).toBe(10), 10_000);
  expect([await count('plant/#'), await count('plants')]).toEqual([0, 1]);
  const rows = await api.app.app.get(PrismaService, { strict: false }).retainedMessage.findMany({
    where: { topic: { startsWith: 'plant' } },
    select: { topic: true },
  });
  expect(rows).toEqual([{ topic: 'plants' }]);
  await vi.waitFor(async () => {
    const { body } = await api.admin.get<{ items: object[] }>('/audit?object=filter/plant/%23');
    expect(body.items).toMatchObject([
      { action: 'retained.delete-many-end', operator: 'operator', after: { state: 'done', messages: 1_001 } },
      { action: 'retained.delete-many', operator: 'operator', after: { messages: 1_001 } },
    ]);
  }, 10_000);
});

test('what a job deleted can be put back whole, but not over what is newer', async () => {
  await keepMany(['undo/1', 'undo/2', 'undo/3'], { contentType: 'text/plain' });
  const { id } = await ended((await begin('undo/#', 3)).id);
  await api.operator.put('/retained/message?topic=undo/2', { payload: 'newer' });
  const undo = await api.operator.post<RetainedJob>(`/retained/jobs/${id}/undo`);
  expect(undo).toMatchObject({ status: 201, body: { kind: 'restore', total: 3 } });
  expect(await ended(undo.body.id)).toMatchObject({ state: 'done', done: 2, skipped: 1, undoUntil: null });
  expect((await api.operator.get('/retained/message?topic=undo/1')).body).toMatchObject({
    properties: { contentType: 'text/plain' },
    size: 1,
  });
  expect((await api.operator.get('/retained/message?topic=undo/2')).body).toMatchObject({ size: 5 });
  expect((await api.operator.post(`/retained/jobs/${id}/undo`)).status).toBe(404);
});

test('a job says no where it would do other than what was meant', async () => {
  await keepMany(['guard/1', 'guard/2']);
  const asked = (filter: string, expected: number) => api.operator.post('/retained/jobs', { filter, expected });
  expect(await asked('guard/#', 1)).toMatchObject({ status: 409, body: { code: 'more-than-expected' } });
  expect(await asked('guard#', 1)).toMatchObject({ status: 400 });
  expect(await asked('$SYS/#', 9_999)).toMatchObject({ status: 403 });
  expect((await api.viewer.post('/retained/jobs', { filter: 'guard/#', expected: 2 })).status).toBe(403);
  expect((await api.operator.post('/retained/jobs/nothing/stop')).status).toBe(404);
  expect(await count('guard/#')).toBe(2);
});

test('a job on a hundred thousand can be stopped, is alone meanwhile, and does not put back what is too much', async () => {
  // Not in the database: what is measured is the index.
  const topics = topicsUnder('many', 100_000);
  for (const topic of topics) retained().index.set({ ...parts, topic, properties: null, payload: Buffer.from('x') });
  const { id } = await begin('many/#', 100_000);
  expect(await api.operator.post('/retained/jobs', { filter: 'many/1/#', expected: 1_000 })).toMatchObject({
    status: 409,
    body: { code: 'job-running' },
  });
  const { body } = await api.operator.post<RetainedJob>(`/retained/jobs/${id}/stop`);
  expect(body.state).toBe('stopped');
  expect(await count('many/#')).toBe(100_000 - body.done);
  expect(body.done).toBeLessThan(100_000);
  const rest = await ended((await begin('many/#', 100_000)).id);
  expect(rest).toMatchObject({ state: 'done', done: 100_000 - body.done });
  expect(rest.isTooLargeToUndo).toBe(rest.done > 50_000);
  expect(rest.undoUntil === null).toBe(rest.isTooLargeToUndo);
});

test('of a hundred thousand the list and the tree look at little more than they show', async () => {
  await fill('deep');
  const inOrder = retained().searchInOrder.bind(retained());
  let looks = 0;
  // Beside each message there is a pause for every 4,096 nodes that were visited.
  const counted = vi.spyOn(retained(), 'searchInOrder').mockImplementation(function* (filter, after) {
    for (const found of inOrder(filter, after)) {
      looks += found ? 1 : 4_096;
      yield found;
    }
  });
  const all = vi.spyOn(retained(), 'search');
  const pageOf = async (query: string) => (await api.viewer.get<RetainedPage>(`/retained?${query}`)).body;
  const first = await pageOf('filter=deep/%23&limit=100');
  expect([first.items.length, first.total]).toEqual([100, 100_000]);
  const later = Buffer.from('deep/98/99898').toString('base64url');
  expect((await pageOf(`filter=deep/%23&limit=100&after=${later}`)).items[0]?.topic).toBe('deep/98/9998');
  expect(looks).toBeLessThan(500);
  const { body } = await api.viewer.get<{ items: unknown[] }>('/topics?of=retained&parent=deep/98');
  expect(body.items.length).toBe(1_000);
  expect(all).not.toHaveBeenCalled();
  counted.mockRestore();
  all.mockRestore();
});
