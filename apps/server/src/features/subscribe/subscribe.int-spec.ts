import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import { AuditService } from '../audit/audit.service.js';

const rule = (id: string, effect: string, topics: string[], access = 'pubsub') => ({
  id,
  effect,
  subject: 'everyone',
  value: '*',
  access,
  topics,
});
const plant = rule('plant', 'allow', ['plant/#']);
const secret = rule('secret', 'deny', ['plant/secret/#'], 'sub');

let api: TestApi;
let device: MqttClient;
let revision = 1;

beforeAll(async () => {
  api = await startTestApi();
  await api.operator.post('/users', { username: 'pump', password: 'let me in' });
  await setPolicy([secret, plant]);
  const { mqttPort } = api.app;
  const credentials = { username: 'pump', password: 'let me in', clientId: 'device' };
  device = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { ...credentials, protocolVersion: 5 });
});
afterAll(async () => {
  await device?.endAsync(true);
  await api?.app.close();
});

async function setPolicy(rules: object[]): Promise<void> {
  const { status } = await api.admin.put('/policy', { rules }, { 'if-match': `"${revision}"` });
  expect(status).toBe(200);
  revision++;
}

const basic = (user = 'pump') => ({ authorization: `Basic ${btoa(`${user}:let me in`)}` });

interface Event {
  readonly id: string | null;
  readonly event: string;
  readonly data: { topic?: string; payload?: string } & Record<string, unknown>;
}

/** A reader of events, byte by byte from a socket. */
class Reader {
  text = '';
  isOver = false;

  constructor(
    readonly response: IncomingMessage,
    private readonly destroy: () => void,
  ) {
    response.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    response.on('close', () => (this.isOver = true)).on('error', () => undefined);
  }

  static async open(query: string, headers: Record<string, string> = basic()): Promise<Reader> {
    const request = httpRequest(`${api.app.url}/api/v1/subscribe?${query}`, { headers }).end();
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new Reader(response, () => request.destroy());
  }

  get events(): Event[] {
    return this.text.split('\n\n').flatMap((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
      const data = field('data');
      if (data === null) return [];
      return [{ id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data) as Event['data'] }];
    });
  }

  get payloads(): unknown[] {
    return this.messages.map(({ data }) => data.payload);
  }

  get messages(): Event[] {
    return this.events.filter(({ event }) => event === 'message');
  }

  named(name: string): Promise<Event> {
    return vi.waitFor(() => {
      const found = this.events.find(({ event }) => event === name);
      if (!found) throw new Error(`There is no ${name} in: ${this.text}`);
      return found;
    });
  }

  has(...payloads: string[]): Promise<void> {
    return vi.waitFor(() => expect(this.payloads).toEqual(payloads));
  }

  leave(): void {
    this.destroy();
  }
}

const clientOnline = async (clientId: string) =>
  (await api.viewer.get<{ online?: boolean }>(`/clients/${clientId}`)).body.online;

describe('a stream', () => {
  test('brings what its filters match, retained messages first, and shows as a client', async () => {
    await device.publishAsync('plant/a', 'kept', { retain: true, qos: 1 });
    const reader = await Reader.open('filter=plant/a&filter=plant/b/%2B&clientId=eyes');
    expect(reader.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(reader.response.headers['cache-control']).toBe('no-store');
    const { data } = await reader.named('subscribed');
    expect(data).toEqual({ clientId: 'eyes', filters: ['plant/a', 'plant/b/+'], resumed: false });
    await reader.has('kept');
    await device.publishAsync('plant/b/1', Buffer.from([0, 255]));
    await device.publishAsync('plant/c', 'not wanted');
    const properties = { contentType: 'x/y', userProperties: { a: 'b' } };
    await device.publishAsync('plant/a', 'live', { properties });
    await vi.waitFor(() => expect(reader.messages).toHaveLength(3));
    expect(reader.messages.map(({ data: message }) => message)).toEqual([
      { topic: 'plant/a', payload: 'kept', retain: true },
      { topic: 'plant/b/1', payload: 'AP8=', encoding: 'base64' },
      {
        topic: 'plant/a',
        payload: 'live',
        properties: { contentType: 'x/y', userProperties: [{ name: 'a', value: 'b' }] },
      },
    ]);
    const { body } = await api.viewer.get('/clients/eyes');
    expect(body).toMatchObject({ online: true, protocol: 'sse', username: 'pump' });
    reader.leave();
    await vi.waitFor(async () => expect(await clientOnline('eyes')).toBe(false));
  });

  test('without retained messages, of two clients of one user', async () => {
    const readers = await Promise.all([1, 2].map(() => Reader.open('filter=plant/a&retained=false')));
    const ids = await Promise.all(readers.map(async (each) => (await each.named('subscribed')).data['clientId']));
    expect(new Set(ids).size).toBe(2);
    await device.publishAsync('plant/a', 'both');
    for (const reader of readers) await reader.has('both');
    for (const reader of readers) reader.leave();
  });

  test('counts as a connection of its user, who has no more of them than that may have', async () => {
    await api.operator.post('/users', { username: 'one', password: 'let me in', connectionLimit: 1 });
    const reader = await Reader.open('filter=plant/a', basic('one'));
    expect((await Reader.open('filter=plant/a', basic('one'))).response.statusCode).toBe(429);
    reader.leave();
  });

  test('leaves out what a rule cuts out of its filter', async () => {
    const reader = await Reader.open('filter=plant/%23&retained=false');
    await reader.named('subscribed');
    await device.publishAsync('plant/secret/1', 'secret');
    await device.publishAsync('plant/d', 'open');
    await reader.has('open');
    reader.leave();
  });
});

describe('a stream that broke', () => {
  test('goes on where it was: what came meanwhile comes, once and in its order', async () => {
    const first = await Reader.open('filter=plant/r');
    await first.named('subscribed');
    await device.publishAsync('plant/r', '1');
    await device.publishAsync('plant/r', '2');
    await first.has('1', '2');
    const seen = first.messages[0]?.id ?? '';
    const clientId = String((await first.named('subscribed')).data['clientId']);
    first.leave();
    await vi.waitFor(async () => expect(await clientOnline(clientId)).toBe(false));
    await device.publishAsync('plant/r', '3');
    const second = await Reader.open('filter=plant/r', { ...basic(), 'last-event-id': seen });
    expect((await second.named('subscribed')).data).toMatchObject({ clientId, resumed: true });
    await second.has('2', '3');
    await device.publishAsync('plant/r', '4');
    await second.has('2', '3', '4');
    expect(second.text).not.toContain('event: gap');
    second.leave();
  });

  test('is told that something is missing where it cannot go on, and another user does not get it', async () => {
    await api.operator.post('/users', { username: 'other', password: 'let me in' });
    const first = await Reader.open('filter=plant/r2');
    await first.named('subscribed');
    await device.publishAsync('plant/r2', 'mine');
    await first.has('mine');
    const id = first.messages[0]?.id ?? '';
    first.leave();
    for (const headers of [
      { ...basic('other'), 'last-event-id': id },
      { ...basic(), 'last-event-id': 'nonsense' },
    ]) {
      const reader = await Reader.open('filter=plant/r2', headers);
      expect((await reader.named('gap')).data).toEqual({ lost: null });
      expect((await reader.named('subscribed')).data).toMatchObject({ resumed: false });
      expect(reader.payloads).toEqual([]);
      reader.leave();
    }
  });
});

describe('a stream ends, and says so', () => {
  test('with the last right to its filters; others go on', async () => {
    const reader = await Reader.open('filter=plant/x&filter=other/%23'.replace('&filter=other/%23', ''));
    await reader.named('subscribed');
    await setPolicy([rule('else', 'allow', ['plant/y', 'plant/a', 'plant/r'])]);
    expect((await reader.named('revoked')).data).toEqual({ filters: ['plant/x'] });
    expect((await reader.named('end')).data).toEqual({ reason: 'not-authorized' });
    await vi.waitFor(() => expect(reader.isOver).toBe(true));
    await setPolicy([secret, plant]);
  });

  test('when its user is disabled, and when an operator kicks it', async () => {
    const made = await api.operator.post<{ id: string }>('/users', { username: 'gone', password: 'let me in' });
    const [disabled, kicked] = await Promise.all([
      Reader.open('filter=plant/a&clientId=d1', basic('gone')),
      Reader.open('filter=plant/a&clientId=k1'),
    ]);
    await Promise.all([disabled.named('subscribed'), kicked.named('subscribed')]);
    await api.operator.patch(`/users/${made.body.id}`, { disabled: true });
    await disabled.named('end');
    await api.operator.post('/clients/k1/kick', { reason: 'test' });
    expect((await kicked.named('end')).data).toEqual({ reason: 'administrative-action' });
    await vi.waitFor(() => expect([disabled.isOver, kicked.isOver]).toEqual([true, true]));
  });

  test('of an API key, which sees all and is audited, with the key', async () => {
    const { body } = await api.admin.post<{ id: string; secret: string }>('/api-keys', {
      name: 'eyes',
      role: 'operator',
    });
    const reader = await Reader.open('filter=%23&retained=false', { authorization: `Bearer ${body.secret}` });
    await reader.named('subscribed');
    await device.publishAsync('plant/secret/2', 'seen');
    await reader.has('seen');
    const { body: audit } = await api.admin.get<AuditPage>('/audit?action=subscribe.start');
    expect(audit.items).toMatchObject([{ operator: 'api-key:eyes', object: 'filter/#' }]);
    const keys = (await api.admin.get<{ items?: { id: string; name: string }[] }>('/api-keys')).body;
    const id = keys.items?.find(({ name }) => name === 'eyes')?.id ?? body.id;
    expect((await api.admin.delete(`/api-keys/${id}`)).status).toBe(204);
    expect((await reader.named('end')).data).toEqual({ reason: 'bad-credentials' });
    const after = { filters: ['#'], reason: 'bad-credentials', sent: 1, dropped: 0 };
    await vi.waitFor(async () => expect(await ends()).toMatchObject([{ operator: 'api-key:eyes', after }]));
  });
});

const ends = async () => (await api.admin.get<AuditPage>('/audit?action=subscribe.end')).body.items;

describe('of an operator', () => {
  const cookie = () => ({ cookie: api.operator.cookie });

  test('its end is in the audit log when the operator leaves, too', async () => {
    const reader = await Reader.open('filter=plant/left', cookie());
    await reader.named('subscribed');
    reader.leave();
    const left = { operator: 'operator', object: 'filter/plant/left', after: { reason: 'connection-lost', sent: 0 } };
    await vi.waitFor(async () => expect((await ends())[0]).toMatchObject(left));
  });

  test('there are no more than a few at a time, also of those that come together', async () => {
    const readers = await Promise.all(Array.from({ length: 18 }, () => Reader.open('filter=plant/many', cookie())));
    const statuses = readers.map(({ response }) => response.statusCode).toSorted();
    expect(statuses).toEqual([...Array<number>(16).fill(200), 429, 429]);
    for (const reader of readers) reader.leave();
  });

  test('there is none where the sign-in ends before it is audited, or who may read changes', async () => {
    const { body } = await api.admin.post('/operators', { name: 'brief', password: PASSWORD, role: 'operator' });
    const brief = await api.browser('brief');
    const record = vi.spyOn(api.app.app.get(AuditService, { strict: false }), 'record');
    const meanwhile = async (work: () => Promise<unknown>) => {
      record.mockImplementationOnce(async () => void (await work()));
      return (await Reader.open('filter=plant/a', { cookie: brief.cookie })).response.statusCode;
    };
    const readBy = (payloadsReadBy: string | null) => api.admin.patch('/settings', { changes: { payloadsReadBy } });
    expect(await meanwhile(() => readBy('nobody'))).toBe(403);
    await readBy(null);
    expect(await meanwhile(() => api.admin.patch(`/operators/${String(body['id'])}`, { role: 'viewer' }))).toBe(401);
    record.mockRestore();
  });
});

test('of an operator ends when operators may no longer read what messages hold', async () => {
  const { body } = await api.admin.post<{ id: string; secret: string }>('/api-keys', {
    name: 'reads',
    role: 'operator',
  });
  const reader = await Reader.open('filter=plant/a', { authorization: `Bearer ${body.secret}` });
  await reader.named('subscribed');
  await api.admin.patch('/settings', { changes: { payloadsReadBy: 'nobody' } });
  expect((await reader.named('end')).data).toEqual({ reason: 'not-authorized' });
  const refused = await Reader.open('filter=plant/a', { authorization: `Bearer ${body.secret}` });
  expect(refused.response.statusCode).toBe(403);
  await api.admin.patch('/settings', { changes: { payloadsReadBy: null } });
});

test.each([
  ['filter=plant/%23/x', basic(), 400],
  ['', basic(), 400],
  ['filter=elsewhere', basic(), 403],
  ['filter=plant/a&filter=elsewhere', basic(), 403],
  ['filter=plant/a', {}, 401],
  ['filter=plant/a', { authorization: `Basic ${btoa('pump:wrong')}` }, 401],
])('%s is refused as a whole', async (query, headers, status) => {
  const reader = await Reader.open(query, headers);
  expect(reader.response.statusCode).toBe(status);
  expect(reader.response.headers['content-type']).toMatch(/^application\/problem\+json/);
});
