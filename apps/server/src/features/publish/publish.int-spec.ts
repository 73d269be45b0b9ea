import { Broker } from '@perch/broker';
import { SignJWT } from 'jose';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiClient, type ApiAnswer, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import type { RefusalPage } from '../refusals/refusal.schemas.js';
import type { Published, PublishedBatch } from './publish.schemas.js';

const SECRET = 'a secret of more than thirty-two bytes';
const rule = (id: string, effect: string, topics: string[], access = 'pub') => ({
  id,
  effect,
  subject: 'everyone',
  value: '*',
  access,
  topics,
});

let api: TestApi;
let key: string;
/** Subscribed to all that any test publishes. */
let watcher: Awaited<ReturnType<typeof connectAsync>>;
const arrived: { topic: string; text: string; packet: { qos: number; retain: boolean; properties?: object } }[] = [];

beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_TELL_REASONS: 'true', PERCH_MAX_PACKET_BYTES: String(2 * 1024 * 1024) } });
  await api.operator.post('/users', { username: 'pump', password: 'let me: in' });
  await api.operator.post('/users', { username: 'watcher', password: 'let me in' });
  const rules = [
    { ...rule('secret', 'deny', ['plant/secret/#']), note: 'not for pumps' },
    rule('plant', 'allow', ['plant/#', 'own/%c', 'of/%u']),
    rule('watch', 'allow', ['#'], 'sub'),
  ];
  const saved = await api.admin.put('/policy', { rules }, { 'if-match': '"1"' });
  expect(saved.status).toBe(200);
  const jwt = { id: 'jwt', kind: 'jwt', algorithms: ['HS256'], key: { kind: 'secret', secret: { value: SECRET } } };
  const authenticators = [jwt, { id: 'users', kind: 'users' }, { id: 'anonymous', kind: 'anonymous' }];
  const authorizers = [
    { id: 'own-rules', kind: 'own-rules' },
    { id: 'policy', kind: 'policy' },
  ];
  await api.admin.put('/settings/access', { authenticators, authorizers }, { 'if-match': '"0"' });
  key = (await api.admin.post<{ secret: string }>('/api-keys', { name: 'program', role: 'operator' })).body.secret;
  watcher = await connectAsync(`mqtt://127.0.0.1:${api.app.mqttPort}`, {
    protocolVersion: 5,
    username: 'watcher',
    password: 'let me in',
  });
  watcher.on('message', (topic, payload, packet) => arrived.push({ topic, text: payload.toString(), packet }));
  await watcher.subscribeAsync('#', { qos: 2, rap: true });
});
afterAll(async () => {
  await watcher?.endAsync(true);
  await api?.app.close();
});

const basic = { authorization: `Basic ${Buffer.from('pump:let me: in').toString('base64')}` };
const bearer = async (claims = {}) => ({
  authorization: `Bearer ${await new SignJWT({ sub: 'lathe', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET))}`,
});
const asPump = (message: object, query = '', headers = {}) =>
  new ApiClient(api.app.url).post<Published & { code: string; detail: string; errors: { path: string }[] }>(
    `/publish${query}`,
    message,
    { ...basic, ...headers },
  );
const arrival = (topic: string) =>
  vi.waitFor(() => {
    const found = arrived.find((each) => each.topic === topic);
    if (!found) throw new Error(`Nothing has arrived on ${topic}.`);
    return found;
  });

/** A body as it is, with what is said of it in the query. */
const raw = (query: string, body: string | Buffer<ArrayBuffer>, headers = {}): Promise<Response> =>
  fetch(`${api.app.url}/api/v1/publish?${query}`, { method: 'POST', body, headers: { ...basic, ...headers } });

describe('who publishes', () => {
  test('a user, as a client of its name', async () => {
    const { status, body } = await asPump({ topic: 'of/pump', payload: 'by user' });
    expect([status, body]).toEqual([200, { delivered: 1, reasonCode: 0 }]);
    expect((await arrival('of/pump')).text).toBe('by user');
  });

  test('a user with the client id that it names', async () => {
    expect((await asPump({ topic: 'own/p7', payload: 'x' }, '?clientId=p7')).status).toBe(200);
    expect((await asPump({ topic: 'own/p8', payload: 'x' }, '?clientId=p7')).body.code).toBe('not-authorized');
    expect((await asPump({ topic: 'own/p8', payload: 'x' }, '?clientId=$p')).status).toBe(400);
  });

  test('whoever has a token, by its claims', async () => {
    const publish = async (topic: string, headers: object) =>
      (await new ApiClient(api.app.url).post('/publish', { topic, payload: 'x' }, headers)).status;
    expect(await publish('of/lathe', await bearer())).toBe(200);
    expect(await publish('plant/t', await bearer({ acl: { pub: ['plant/t'] } }))).toBe(200);
    expect(await publish('of/pump', await bearer())).toBe(403);
    expect(await publish('of/lathe', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x' })).toBe(401);
  });

  test('an API key with the permission of its role, past the policy, and in the audit log', async () => {
    const headers = { authorization: `Bearer ${key}` };
    const { status } = await new ApiClient(api.app.url).post('/publish', { topic: 'keys/1', payload: 'x' }, headers);
    expect(status).toBe(200);
    await arrival('keys/1');
    const { body } = await api.admin.get<AuditPage>('/audit?action=publish.message&limit=1');
    expect(body.items).toMatchObject([{ operator: 'api-key:program', object: 'topic/keys/1' }]);
    const refused = await new ApiClient(api.app.url).post('/publish', { topic: '$SYS/x', payload: 'x' }, headers);
    expect([refused.status, refused.body['code']]).toEqual([403, 'not-allowed']);
  });

  test.each([
    ['nobody', {}, 401, 'sign-in-required'],
    ['a wrong password', { authorization: `Basic ${btoa('pump:nope')}` }, 401, 'bad-credentials'],
    ['half of the credentials', { authorization: `Basic ${btoa('pump')}` }, 401, 'bad-credentials'],
    ['no API key', { authorization: 'Bearer perch_nothing' }, 401, 'sign-in-required'],
  ])('%s is turned away', async (_who, headers, status, code) => {
    const answer = await new ApiClient(api.app.url).post('/publish', { topic: 'plant/1', payload: 'x' }, headers);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test('a user opens nothing else of the API, and no page of another site speaks for one', async () => {
    for (const path of ['/users', '/clients', '/auth/me'])
      expect((await new ApiClient(api.app.url).get(path, basic)).status).toBe(401);
    expect((await asPump({ topic: 'plant/1', payload: 'x' }, '', { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('a user that is disabled, or banned, is out at once', async () => {
    const made = await api.operator.post<{ id: string }>('/users', { username: 'gone', password: 'let me in' });
    const headers = { authorization: `Basic ${btoa('gone:let me in')}` };
    const publish = async () =>
      (await new ApiClient(api.app.url).post('/publish', { topic: 'plant/1', payload: 'x' }, headers)).status;
    expect(await publish()).toBe(200);
    await api.operator.patch(`/users/${made.body.id}`, { disabled: true });
    expect(await publish()).toBe(403);
    await api.operator.patch(`/users/${made.body.id}`, { disabled: false });
    await api.operator.post('/bans', { kind: 'username', value: 'gone', reason: 'test' });
    expect(await publish()).toBe(403);
  });
});

describe('a message', () => {
  test('carries QoS, RETAIN, an expiry and the properties of MQTT 5', async () => {
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'plant/answers',
      correlationData: Buffer.from('c1').toString('base64'),
      userProperties: [
        { name: 'unit', value: 'K' },
        { name: 'unit', value: 'C' },
      ],
    };
    const message = { topic: 'plant/all', payload: 'ok', qos: 1, retain: true, expirySeconds: 600, properties };
    expect((await asPump(message)).status).toBe(200);
    const { packet } = await arrival('plant/all');
    expect(packet).toMatchObject({
      qos: 1,
      retain: true,
      properties: {
        payloadFormatIndicator: true,
        contentType: 'text/plain',
        responseTopic: 'plant/answers',
        correlationData: Buffer.from('c1'),
        userProperties: { unit: ['K', 'C'] },
        messageExpiryInterval: 600,
      },
    });
    expect(api.app.app.get(Broker).retained.get('plant/all')?.payload.toString()).toBe('ok');
  });

  test('may be the body as it is, with the rest in the query', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const query = 'topic=plant/raw&qos=1&contentType=x/y&userProperty=a%3Db%3Dc&userProperty=d&expirySeconds=60';
    const answer = await raw(query, bytes, { 'content-type': 'image/png' });
    expect([answer.status, await answer.json()]).toEqual([200, { delivered: 1, reasonCode: 0 }]);
    const { packet } = await arrival('plant/raw');
    expect(packet).toMatchObject({
      payload: bytes,
      qos: 1,
      properties: { contentType: 'x/y', userProperties: { a: 'b=c', d: '' } },
    });
    expect((await raw('topic=plant/json', '{"t":1}', { 'content-type': 'application/json' })).status).toBe(200);
    expect((await arrival('plant/json')).text).toBe('{"t":1}');
    expect((await raw('topic=plant/empty', '')).status).toBe(200);
    expect((await arrival('plant/empty')).text).toBe('');
  });

  test.each(['qos=3', 'retain=yes', 'expirySeconds=-1', 'correlationData=%25', 'topic=again', 'retian=true'])(
    'with %s in the query is refused',
    async (query) => {
      const { status } = await raw(`topic=plant/1&${query}`, 'x');
      expect([400, 422]).toContain(status);
    },
  );

  test('larger than other bodies is read of who is known, up to the bound of the broker', async () => {
    const large = Buffer.alloc(1_500_000, 'x');
    expect((await raw('topic=plant/large', large)).status).toBe(200);
    expect((await raw('topic=plant/large', large, { authorization: '' })).status).toBe(401);
    const tooLarge = await raw('topic=plant/large', Buffer.alloc(2 * 1024 * 1024 + 1));
    expect([tooLarge.status, await tooLarge.json()]).toMatchObject([
      413,
      { detail: expect.stringContaining('2097152') as string },
    ]);
    expect((await asPump({ topic: 'plant/large', payload: large.toString() })).status).toBe(200);
  });

  test('nobody is subscribed to is taken, and that is told as PUBACK tells it', async () => {
    await watcher.unsubscribeAsync('#');
    const { body } = await asPump({ topic: 'plant/lonely', payload: 'x', qos: 1 });
    expect(body).toEqual({ delivered: 0, reasonCode: 16 });
    await watcher.subscribeAsync('#', { qos: 2, rap: true, rh: 2 });
  });
});

describe('a refusal', () => {
  test('names the rule where clients are told it, and is listed like that of a device', async () => {
    const { status, body, headers } = await asPump({ topic: 'plant/secret/1', payload: 'x' }, '?clientId=spy');
    expect(status).toBe(403);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      code: 'not-authorized',
      detail: 'Denied by rule 1 (not for pumps).',
      reasonCode: 0x87,
    });
    const { body: refusals } = await api.viewer.get<RefusalPage>('/refusals?clientId=spy');
    expect(refusals.items).toMatchObject([
      { username: 'pump', protocol: 'http', action: 'publish', topic: 'plant/secret/1', ruleId: 'secret', count: 1 },
    ]);
  });

  test.each([
    [{ topic: 'plant/+', payload: 'x' }, 422, 'topic'],
    [{ topic: '', payload: 'x' }, 422, 'topic'],
    [{ topic: 'plant/1' }, 422, 'payload'],
    [{ topic: 'plant/1', payload: '%', encoding: 'base64' }, 422, 'payload'],
    [
      { topic: 'plant/1', payload: '/w==', encoding: 'base64', properties: { payloadFormatIndicator: true } },
      422,
      'properties.payloadFormatIndicator',
    ],
    [{ topic: 'plant/1', payload: 'x', properties: { responseTopic: '#' } }, 422, 'properties.responseTopic'],
    [{ topic: 'plant/1', payload: 'x', retian: true }, 422, 'retian'],
  ])('%j names its field', async (message, status, path) => {
    const answer = await asPump(message);
    expect([answer.status, answer.body.errors[0]?.path]).toEqual([status, path]);
  });
});

describe('a batch', () => {
  const batch = (messages: object[], headers = {}) =>
    new ApiClient(api.app.url).post<PublishedBatch>('/publish/batch', { messages }, { ...basic, ...headers });

  test('is published in its order, and each message has its result', async () => {
    const message = (n: number) => ({ topic: 'plant/batch', payload: String(n), qos: 1 });
    const many = Array.from({ length: 300 }, (_, n) => message(n));
    const { status, body } = await batch([...many.slice(0, 150), { topic: 'other', payload: 'x' }, ...many.slice(150)]);
    expect([status, body.published, body.refused]).toEqual([200, 300, 1]);
    expect(body.results[0]).toEqual({ delivered: 1, reasonCode: 0, problem: null });
    expect(body.results[150]).toEqual({
      delivered: 0,
      reasonCode: 0x87,
      problem: { code: 'not-authorized', detail: 'Denied: no rule allows it.' },
    });
    await vi.waitFor(() => {
      const texts = arrived.filter(({ topic }) => topic === 'plant/batch').map(({ text }) => text);
      expect(texts).toEqual(many.map(({ payload }) => payload));
    });
  });

  test('that has no message says field by field what it wants', async () => {
    const answer = await asPump({ qos: 7 });
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [
        { path: 'topic', message: 'is missing' },
        { path: 'payload', message: 'is missing' },
        { path: 'qos', message: 'must be 0, 1 or 2' },
      ],
    ]);
  });

  test('with a message that is none is refused as a whole, and so is one that is too long', async () => {
    const answer = await batch([{ topic: 'plant/half', payload: 'x' }, { topic: 'plant/half' }]);
    expect([answer.status, arrived.some(({ topic }) => topic === 'plant/half')]).toEqual([422, false]);
    expect((await batch(Array.from({ length: 1_001 }, () => ({ topic: 'a', payload: '' })))).status).toBe(422);
    expect((await batch([])).status).toBe(422);
  });

  test('of an API key is one entry of the audit log', async () => {
    const messages = [
      { topic: 'keys/a', payload: '1' },
      { topic: 'keys/b', payload: '22' },
    ];
    expect((await batch(messages, { authorization: `Bearer ${key}` })).body.published).toBe(2);
    const { body } = await api.admin.get<AuditPage>('/audit?action=publish.batch');
    expect(body.items).toMatchObject([{ after: { messages: 2, bytes: 3, topics: ['keys/a', 'keys/b'] } }]);
  });
});

describe('an Idempotency-Key', () => {
  const count = (topic: string) => arrived.filter((each) => each.topic === topic).length;
  const send = (topic: string, payload: string, headers: object): Promise<ApiAnswer<Published & { code: string }>> =>
    asPump({ topic, payload }, '?clientId=once', headers);

  test('publishes once what is sent twice, also at the same time, and answers alike', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const [one, two] = await Promise.all([send('plant/once', '1', headers), send('plant/once', '1', headers)]);
    const three = await send('plant/once', '1', headers);
    expect([one, two, three].map(({ status, body }) => [status, body])).toEqual(
      Array(3).fill([200, { delivered: 1, reasonCode: 0 }]),
    );
    await send('plant/once-end', 'x', {});
    await arrival('plant/once-end');
    expect(count('plant/once')).toBe(1);
  });

  test('that comes with another message is a conflict; another sender may have the same', async () => {
    const headers = { 'idempotency-key': 'k2' };
    await send('plant/k2', '1', headers);
    expect((await send('plant/k2', '2', headers)).body.code).toBe('idempotency-conflict');
    const other = await asPump({ topic: 'plant/k2', payload: '2' }, '?clientId=another', headers);
    expect(other.status).toBe(200);
  });

  test('remembers nothing that was refused, and cannot be anything', async () => {
    const headers = { 'idempotency-key': 'k3' };
    expect((await send('other', '1', headers)).status).toBe(403);
    expect((await send('plant/k3', '1', headers)).status).toBe(200);
    expect((await send('plant/k3', '1', { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400);
  });
});

test('a user that is faster than a client may be is told to wait, whichever client ids it names, and others are not', async () => {
  const { limits } = api.app.app.get(Broker);
  // None is earned back while this is tested.
  Object.assign(limits, { publishesPerSecond: 1e-6 });
  try {
    const message = { topic: 'plant/fast', payload: 'x' };
    expect((await asPump(message, '?clientId=one')).status).toBe(200);
    const refused = await asPump(message, '?clientId=another');
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-attempts']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.admin.post('/publish', message)).status).toBe(200);
    // Another bound holds at once.
    Object.assign(limits, { publishesPerSecond: 1_000 });
    expect((await asPump(message, '?clientId=another')).status).toBe(200);
  } finally {
    Object.assign(limits, { publishesPerSecond: 0 });
  }
});

test('a QoS 1 message to a durable session is answered when it is kept', async () => {
  const { mqttPort } = api.app;
  const options = { username: 'watcher', password: 'let me in', clientId: 'durable', clean: false } as const;
  const durable = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, options);
  await durable.subscribeAsync('plant/durable', { qos: 1 });
  await durable.endAsync();
  const { body } = await asPump({ topic: 'plant/durable', payload: 'x', qos: 1 });
  expect(body.delivered).toBe(2);
  const { body: session } = await api.viewer.get<{ queued: number }>('/sessions/durable');
  expect(session.queued).toBe(1);
});
