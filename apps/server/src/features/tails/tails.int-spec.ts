import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Broker } from '@perch/broker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import { AuditService } from '../audit/audit.service.js';
import type { TailLine, TailMessage } from './tail.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

/** A tail as a browser reads it. */
async function aTail(client: ApiClient, body: { filter: string; clientId?: string; confirmed?: boolean }) {
  const headers = { cookie: client.cookie, 'content-type': 'application/json' };
  const asking = request(`${client.url}/api/v1/tails`, { method: 'POST', headers });
  asking.end(JSON.stringify(body));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  const lines: TailLine[] = [];
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const [last = '', ...whole] = (rest + text).split('\n').reverse();
    rest = last;
    lines.push(...whole.reverse().map((line) => JSON.parse(line) as TailLine));
  });
  response.on('error', () => undefined);
  const batches = () => lines.filter((line) => line.type === 'batch');
  const tail = {
    lines,
    seen: () => batches().reduce((sum, { seen }) => sum + seen, 0),
    messages: (): TailMessage[] => batches().flatMap(({ messages }) => messages),
    leave: () => asking.destroy(),
  };
  await vi.waitFor(() => expect(lines[0]).toMatchObject({ type: 'started' }));
  return tail;
}

const audited = async (filter: string) => {
  const { body } = await api.admin.get<AuditPage>(`/audit?object=${encodeURIComponent(`filter/${filter}`)}`);
  return body.items.map(({ action, operator, after }) => ({ action, operator, after }));
};

test('shows what passes as it is, to nobody else, and its beginning and end are audited', async () => {
  const tail = await aTail(api.operator, { filter: 'plant/+' });
  const pump = await device(api.app, { clientId: 'pump', protocolVersion: 5 });
  pump.publish('plant/1', '{"temp":21}', { qos: 1, properties: { contentType: 'application/json' } });
  pump.publish('elsewhere', 'x');
  await vi.waitFor(() => expect(tail.messages()).toHaveLength(1));
  expect(tail.messages()).toMatchObject([
    {
      topic: 'plant/1',
      publisher: 'pump',
      qos: 1,
      payload: '{"temp":21}',
      encoding: 'utf8',
      size: 11,
      properties: { contentType: 'application/json' },
    },
  ]);
  tail.leave();
  await vi.waitFor(async () =>
    expect(await audited('plant/+')).toMatchObject([
      { action: 'tails.end', operator: 'operator', after: { reason: 'left', seen: 1, shown: 1 } },
      { action: 'tails.start', operator: 'operator' },
    ]),
  );
  expect(JSON.stringify(await audited('plant/+'))).not.toContain('temp');
});

test('of one client it shows what that publishes and what its subscriptions let through, and says whose that was', async () => {
  const pump = await device(api.app, { clientId: 'one' });
  pump.subscribe('orders/one');
  await vi.waitFor(() => expect(pump.last('suback')).toBeDefined());
  const tail = await aTail(api.operator, { filter: '#', clientId: 'one' });
  const other = await device(api.app, { clientId: 'two' });
  other.publish('orders/two', 'no').publish('orders/one', 'for it');
  await vi.waitFor(() => expect(tail.messages()).toHaveLength(1));
  pump.publish('state/one', 'from it');
  await vi.waitFor(() => expect(tail.messages()).toHaveLength(2));
  expect(tail.messages().map(({ publisher, payload }) => [publisher, payload])).toEqual([
    ['two', 'for it'],
    ['one', 'from it'],
  ]);
  expect(tail.seen()).toBe(2);
  tail.leave();
  await vi.waitFor(async () =>
    expect(await audited('#')).toMatchObject([
      { action: 'tails.end', after: { clientId: 'one', seen: 2 } },
      { action: 'tails.start', after: { clientId: 'one' } },
    ]),
  );
});

test('above its rate it shows a sample, and what was there is counted', async () => {
  const tail = await aTail(api.operator, { filter: 'busy/#' });
  const pump = await device(api.app, { clientId: 'busy-pump' });
  for (let i = 0; i < 400; i++) pump.publish(`busy/${i}`, 'x');
  await vi.waitFor(() => expect(tail.seen()).toBe(400));
  expect(tail.messages().length).toBeGreaterThanOrEqual(50);
  expect(tail.messages().length).toBeLessThan(400);
  tail.leave();
});

test('a filter that reaches everything has to be confirmed, and begins with no payload for a viewer', async () => {
  for (const filter of ['#', '+/temp'])
    expect(await api.operator.post('/tails', { filter })).toMatchObject({
      status: 409,
      body: { code: 'broad-filter' },
    });
  expect((await api.viewer.post('/tails', { filter: 'a' })).status).toBe(403);
  expect((await api.operator.post('/tails', { filter: 'a#' })).status).toBe(422);
  (await aTail(api.operator, { filter: '#', confirmed: true })).leave();
});

test('a filter that turns out to be busy ends, unless that was confirmed', async () => {
  const pump = await device(api.app, { clientId: 'storm-pump' });
  const confirmed = await aTail(api.operator, { filter: 'storm/#', confirmed: true });
  const asked = await aTail(api.operator, { filter: 'storm/#' });
  for (let i = 0; i < 3_000; i++) pump.publish('storm/1', 'x');
  await vi.waitFor(() => expect(asked.lines.at(-1)).toMatchObject({ type: 'ended', reason: 'busy' }), 5_000);
  expect(confirmed.lines.at(-1)?.type).toBe('batch');
  confirmed.leave();
});

test('ends with the role of its operator, at once; then nobody is watching', async () => {
  const { body } = await api.admin.post('/operators', { name: 'temp', password: PASSWORD, role: 'operator' });
  const tail = await aTail(await api.browser('temp'), { filter: 'secret/#' });
  const { subscriptions } = api.app.app.get(Broker, { strict: false });
  expect(subscriptions.match('secret/1').groups).toHaveLength(1);
  await api.admin.patch(`/operators/${String(body['id'])}`, { role: 'viewer' });
  expect(subscriptions.match('secret/1').groups).toEqual([]);
  await vi.waitFor(() => expect(tail.lines.at(-1)).toEqual({ type: 'ended', reason: 'signed-out' }));
});

test('does not begin for somebody whose sign-in ends before that is audited', async () => {
  const { body } = await api.admin.post('/operators', { name: 'brief', password: PASSWORD, role: 'operator' });
  const brief = await api.browser('brief');
  const audit = api.app.app.get(AuditService, { strict: false });
  const record = vi.spyOn(audit, 'record').mockImplementationOnce(async () => {
    await api.admin.patch(`/operators/${String(body['id'])}`, { role: 'viewer' });
  });
  expect((await brief.post('/tails', { filter: 'secret/#' })).status).toBe(401);
  record.mockRestore();
});

test('an operator may not watch more than a few filters at a time', async () => {
  const tails = [];
  for (const filter of ['a', 'b', 'c', 'd']) tails.push(await aTail(api.admin, { filter }));
  expect((await api.admin.post('/tails', { filter: 'e' })).status).toBe(429);
  for (const tail of tails) tail.leave();
  await vi.waitFor(async () => expect((await audited('d'))[0]?.action).toBe('tails.end'));
  (await aTail(api.admin, { filter: 'e' })).leave();
});
