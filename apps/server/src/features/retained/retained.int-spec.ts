import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Broker } from '@perch/broker';
import { PrismaService } from '../../database/prisma.service.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { RetainedPage } from './retained.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

const message = (topic: string) => `/retained/message?topic=${encodeURIComponent(topic)}`;
const text = (base64: unknown) => Buffer.from(String(base64), 'base64').toString();

describe('a retained message', () => {
  test('that is put is sent to subscribers, committed, listed and read', async () => {
    const watcher = await device(api.app, { clientId: 'watcher' });
    watcher.subscribe('plant/#');
    await vi.waitFor(() => expect(watcher.last('suback')).toBeDefined());
    const put = await api.operator.put(message('plant/1'), { payload: 'on ü' });
    expect(put).toMatchObject({
      status: 200,
      body: { topic: 'plant/1', size: 5, qos: 1, publisher: '$operator/operator', expiresAt: null },
    });
    const rows = await api.app.app.get(PrismaService, { strict: false }).retainedMessage.findMany();
    expect(rows.map(({ topic, payload }) => [topic, Buffer.from(payload).toString()])).toEqual([['plant/1', 'on ü']]);
    await vi.waitFor(() => expect(watcher.messages).toEqual(['plant/1=on ü']));
    const { body: read } = await api.operator.get(message('plant/1'));
    expect(read).toMatchObject(put.body);
    expect(text(read.payload)).toBe('on ü');
    const { body } = await api.viewer.get<RetainedPage>('/retained?filter=plant/%2B');
    expect(body).toMatchObject({ items: [{ topic: 'plant/1', size: 5 }], next: null, total: 1 });
    expect(body.items[0]).not.toHaveProperty('payload');
  });

  test('may be any bytes', async () => {
    const payload = Buffer.from([0, 255, 128, 10]).toString('base64');
    await api.operator.put(message('bytes'), { payload, encoding: 'base64', qos: 0 });
    expect((await api.operator.get(message('bytes'))).body).toMatchObject({ payload, size: 4, qos: 0 });
  });

  test('that is deleted is gone for subscribers and for the database', async () => {
    await api.operator.put(message('short'), { payload: 'x' });
    const watcher = await device(api.app, { clientId: 'mourner' });
    watcher.subscribe('short');
    await vi.waitFor(() => expect(watcher.messages).toEqual(['short=x']));
    expect((await api.operator.delete(message('short'))).status).toBe(204);
    await vi.waitFor(() => expect(watcher.messages).toEqual(['short=x', 'short=']));
    expect((await api.operator.get(message('short'))).status).toBe(404);
    expect((await api.operator.delete(message('short'))).status).toBe(404);
    const rows = await api.app.app
      .get(PrismaService, { strict: false })
      .retainedMessage.findMany({ where: { topic: 'short' } });
    expect(rows).toEqual([]);
  });

  test('that was deleted is restored with all that it had, unless there is something newer', async () => {
    const pump = await device(api.app, { clientId: 'undo-pump', protocolVersion: 5 });
    const properties = { contentType: 'text/plain', messageExpiryInterval: 3600, userProperties: { unit: 'C' } };
    pump.publish('undo/1', 'warm', { qos: 1, retain: true, properties });
    await vi.waitFor(async () => expect((await api.operator.get(message('undo/1'))).status).toBe(200));
    const { body: before } = await api.operator.get(message('undo/1'));
    const restore = () => api.operator.post('/retained/message/restore?topic=undo/1');
    expect((await restore()).status).toBe(409);
    await api.operator.delete(message('undo/1'));
    expect((await restore()).status).toBe(200);
    const { body } = await api.operator.get(message('undo/1'));
    const { payload, qos, expiresAt, properties: kept } = before;
    expect(body).toMatchObject({ payload, qos, expiresAt, properties: kept });
    expect(body).toMatchObject({ properties: { contentType: 'text/plain' } });
    await api.operator.delete(message('undo/1'));
    expect((await restore()).status).toBe(200);
    expect((await api.operator.post('/retained/message/restore?topic=undo/never')).status).toBe(404);
    expect((await api.viewer.post('/retained/message/restore?topic=undo/1')).status).toBe(403);
  });

  test('is put with what MQTT 5 lets it carry, and with its end', async () => {
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'application/json',
      responseTopic: 'answers/1',
      correlationData: Buffer.from([0, 255]).toString('base64'),
      userProperties: [
        { name: 'hop', value: 'first' },
        { name: 'hop', value: 'second' },
      ],
    };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const put = await api.operator.put(message('props/1'), { payload: '{}', properties, expiresAt });
    expect(put).toMatchObject({ status: 200, body: { expiresAt } });
    expect((await api.operator.get(message('props/1'))).body).toMatchObject({ properties, expiresAt });
    const pump = await device(api.app, { clientId: 'props-pump', protocolVersion: 5 });
    pump.subscribe('props/1');
    await vi.waitFor(() => expect(pump.last('publish')).toBeDefined());
    expect(pump.last('publish')?.properties).toMatchObject({
      contentType: 'application/json',
      responseTopic: 'answers/1',
      userProperties: { hop: ['first', 'second'] },
    });
    const soon = await api.operator.put(message('props/2'), { payload: 'x', expirySeconds: 60 });
    const left = Date.parse(String(soon.body['expiresAt'])) - Date.parse(String(soon.body['storedAt']));
    expect(Math.round(left / 1000)).toBe(60);
  });

  test.each([
    ['half of a surrogate pair', { contentType: '\ud800' }, 'properties.contentType'],
    ['a filter to answer to', { responseTopic: 'a/#' }, 'properties.responseTopic'],
    ['a property that MQTT has not', { priority: 1 }, 'properties.priority'],
    ['correlation data that is not base64', { correlationData: '%' }, 'properties.correlationData'],
  ])('is not put with %s', async (_what, properties, path) => {
    const { status, body } = await api.operator.put(message('props/bad'), { payload: 'x', properties });
    expect([status, body]).toMatchObject([422, { errors: [{ path }] }]);
  });

  test.each([
    [
      'bytes that are said to be text',
      { payload: '/w==', encoding: 'base64', properties: { payloadFormatIndicator: true } },
    ],
    ['an end that is over', { payload: 'x', expiresAt: '2020-01-01T00:00:00Z' }],
    ['two ends', { payload: 'x', expiresAt: '2100-01-01T00:00:00Z', expirySeconds: 5 }],
  ])('is not put with %s', async (_what, body) => {
    expect(await api.operator.put(message('props/bad'), body)).toMatchObject({ status: 422 });
  });

  test('is read as far as somebody wants it', async () => {
    await api.operator.put(message('large'), { payload: 'x'.repeat(100_000) });
    const { body } = await api.operator.get(`${message('large')}&maxPayloadBytes=10`);
    expect([body['size'], text(body['payload'])]).toEqual([100_000, 'xxxxxxxxxx']);
  });

  test.each([
    ['a wildcard in its topic', 'a/+', { payload: 'x' }, 422, 'invalid-fields'],
    ['a topic of the broker', '$SYS/broker/uptime', { payload: 'x' }, 403, 'not-allowed'],
    ['nothing in it', 'empty', { payload: '' }, 422, 'invalid-fields'],
    ['what is not base64', 'b', { payload: 'äöü', encoding: 'base64' }, 422, 'invalid-fields'],
  ])('with %s is refused', async (_what, topic, body, status, code) => {
    expect(await api.operator.put(message(topic), body)).toMatchObject({ status, body: { code } });
  });

  test('lists page by topic', async () => {
    for (const i of [3, 1, 2]) await api.operator.put(message(`page/${i}`), { payload: 'x' });
    const first = (await api.viewer.get<RetainedPage>('/retained?filter=page/%23&limit=2')).body;
    const second = (await api.viewer.get<RetainedPage>(`/retained?filter=page/%23&limit=2&after=${first.next}`)).body;
    expect([first, second].map(({ items }) => items.map(({ topic }) => topic))).toEqual([
      ['page/1', 'page/2'],
      ['page/3'],
    ]);
    expect([first.total, second.total, second.next]).toEqual([3, 3, null]);
    const behind = (await api.viewer.get<RetainedPage>(`/retained?filter=%2B/3&after=${second.next ?? first.next}`))
      .body;
    expect([behind.items.map(({ topic }) => topic), behind.total]).toEqual([['page/3'], 1]);
    expect((await api.viewer.get('/retained?filter=a%23')).status).toBe(400);
  });

  test('are not counted where that would take long', async () => {
    const { retained } = api.app.app.get(Broker, { strict: false });
    const parts = { payload: Buffer.from('x'), qos: 0, retain: true, properties: null, publisher: 'p' } as const;
    for (let i = 0; i < 50_000; i++) {
      retained.index.set({ ...parts, topic: `many/${i}/x`, receivedAt: 0, expiresAt: null });
    }
    const totalOf = async (filter: string) =>
      (await api.viewer.get<RetainedPage>(`/retained?filter=${filter}`)).body.total;
    expect(await totalOf('many/%2B/x')).toBeNull();
    expect((await api.viewer.get('/retained/count?filter=many/%2B/x')).body).toEqual({ count: 50_000 });
    expect(await totalOf('%23')).toBeGreaterThanOrEqual(50_000);
  });
});

describe('publishing', () => {
  test('reaches who is subscribed and says how many', async () => {
    const watcher = await device(api.app, { clientId: 'listener' });
    watcher.subscribe('news');
    await vi.waitFor(() => expect(watcher.last('suback')).toBeDefined());
    const published = await api.operator.post('/publish', { topic: 'news', payload: 'hello' });
    expect(published).toMatchObject({ status: 200, body: { delivered: 1 } });
    await vi.waitFor(() => expect(watcher.messages).toEqual(['news=hello']));
    expect((await api.operator.get(message('news'))).status).toBe(404);
  });

  test('takes as much as a client may send, and not more', async () => {
    const largest = 'x'.repeat(1024 * 1024);
    expect((await api.operator.post('/publish', { topic: 'big', payload: largest })).status).toBe(200);
    const more = await api.operator.post('/publish', { topic: 'big', payload: `${largest}x` });
    expect(more).toMatchObject({ status: 413, body: { code: 'too-large' } });
    const stranger = await api.stranger.post('/publish', { topic: 'big', payload: largest });
    expect(stranger).toMatchObject({ status: 413, body: { code: 'too-large' } });
  });

  test('is in the audit log, without what was said', async () => {
    await api.operator.post('/publish', { topic: 'secret/plan', payload: 'attack at dawn', retain: true });
    const { body } = await api.admin.get('/audit?object=topic/secret/plan');
    expect(body.items).toMatchObject([{ action: 'publish.message', after: { bytes: 14, qos: 0, retain: true } }]);
    expect(JSON.stringify(body)).not.toContain('attack');
  });
});

test('who reads what a message says is in the audit log, once for many looks', async () => {
  await api.operator.put(message('secret/read'), { payload: 'for some eyes', encoding: 'utf8' });
  for (let looks = 0; looks < 3; looks++) expect((await api.operator.get(message('secret/read'))).status).toBe(200);
  const { body } = await api.admin.get('/audit?action=retained.read&object=topic/secret/read');
  expect(body.items).toMatchObject([{ operator: 'operator', result: 'done' }]);
  expect(JSON.stringify(body)).not.toContain('for some eyes');
});
