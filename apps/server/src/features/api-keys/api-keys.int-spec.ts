import { SUBPROTOCOL } from '@perch/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiClient, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { ApiKey, ApiKeyList, IssuedApiKey } from './api-key.schemas.js';

let api: TestApi;
let prisma: PrismaService;
beforeAll(async () => {
  api = await startTestApi();
  prisma = api.app.app.get(PrismaService, { strict: false });
});
afterAll(() => api?.app.close());

let made = 0;
async function aKey(fields: object = {}): Promise<IssuedApiKey> {
  const input = { name: `key-${++made}`, role: 'operator', ...fields };
  const { status, body } = await api.admin.post<IssuedApiKey>('/api-keys', input);
  expect(status).toBe(201);
  return body;
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const opens = async (secret: string) => (await api.stranger.get('/auth/me', bearer(secret))).status === 200;

/** Our own protocol over a WebSocket that carries a key: what the server says first, and the code that it closes with. */
function liveWith(secret: string): { said: Promise<string>; closed: Promise<number> } {
  const socket = new WebSocket(`${api.app.url.replace('http', 'ws')}/ws`, SUBPROTOCOL, { headers: bearer(secret) });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const said = new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
  return { said, closed };
}

describe('a key', () => {
  test('signs a program in with its role, on every route and without a cookie', async () => {
    const { secret, key } = await aKey({ role: 'viewer' });
    expect(secret).toMatch(new RegExp(`^perch_${key.id}_[\\w-]{43}$`));
    const { body } = await api.stranger.get('/auth/me', bearer(secret));
    expect(body).toMatchObject({ kind: 'api-key', name: `api-key:${key.name}`, role: 'viewer' });
    expect(body.permissions).not.toContain('account:own');
    const refused = await api.stranger.post('/users', { username: 'u', password: 'let me in' }, bearer(secret));
    expect(refused).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect((await api.stranger.post('/auth/logout', {}, bearer(secret))).status).toBe(403);
  });

  test('may be used from anywhere: no page can make a browser send it', async () => {
    const { secret } = await aKey();
    const elsewhere = { ...bearer(secret), origin: 'https://ci.example', 'sec-fetch-site': 'cross-site' };
    const { status } = await api.stranger.post('/users', { username: 'by-key', password: 'let me in' }, elsewhere);
    expect(status).toBe(201);
  });

  test('counts alone: a wrong key is refused though a cookie would open', async () => {
    const answer = await api.admin.get('/auth/me', bearer('perch_000000000000_nothing'));
    expect(answer).toMatchObject({ status: 401, body: { code: 'sign-in-required' } });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('is told once, and only its hash is kept', async () => {
    const { secret, key } = await aKey();
    const { body } = await api.admin.get<ApiKeyList>('/api-keys');
    expect(body.items.find(({ id }) => id === key.id)).toMatchObject({ name: key.name, createdBy: 'admin' });
    const [, , part = ''] = secret.split('_');
    const { body: log } = await api.admin.get(`/audit?object=api-key/${key.name}`);
    expect(JSON.stringify(body) + JSON.stringify(log)).not.toContain(part);
    const row = await prisma.apiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect(Buffer.from(row.secretHash)).toHaveLength(32);
  });

  test('is named in the audit log as who did it', async () => {
    const { secret, key } = await aKey();
    await api.stranger.post('/users', { username: 'made-by-key', password: 'let me in' }, bearer(secret));
    const { body } = await api.admin.get('/audit?object=user/made-by-key');
    expect(body.items).toMatchObject([{ operator: `api-key:${key.name}`, action: 'users.create' }]);
    const taken = await api.admin.post('/operators', {
      name: `api-key:${key.name}`,
      password: 'a long enough password',
      role: 'viewer',
    });
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ path: 'name' }] } });
  });

  test('says when and from where it was used last', async () => {
    const { secret, key } = await aKey();
    expect(key.lastUsedAt).toBeNull();
    expect(await opens(secret)).toBe(true);
    const { body } = await api.admin.get<ApiKeyList>('/api-keys');
    const used = body.items.find(({ id }) => id === key.id);
    expect(used?.lastUsedFrom).toBe('127.0.0.1');
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  test('of a name that is taken is not made, nor one that has expired before it began', async () => {
    const { key } = await aKey();
    expect(await api.admin.post('/api-keys', { name: key.name, role: 'viewer' })).toMatchObject({
      status: 409,
      body: { code: 'name-taken' },
    });
    const past = { name: 'past', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' };
    expect(await api.admin.post('/api-keys', past)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'expiresAt' }] },
    });
  });
});

describe('the end of a key', () => {
  test('comes at once when it is revoked, on open WebSockets too', async () => {
    const { secret, key } = await aKey();
    const live = liveWith(secret);
    expect(await live.said).toContain(`$operator/api-key:${key.name}`);
    expect((await api.admin.delete(`/api-keys/${key.id}`)).status).toBe(204);
    expect(await live.closed).toBe(4401);
    expect(await opens(secret)).toBe(false);
    expect((await api.admin.delete(`/api-keys/${key.id}`)).status).toBe(404);
  });

  test('comes when it expires, on open WebSockets too', async () => {
    const { secret, key } = await aKey({ expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
    await prisma.apiKey.update({ where: { id: key.id }, data: { expiresAt: new Date(Date.now() + 1_000) } });
    const live = liveWith(secret);
    expect(await live.closed).toBe(4401);
    expect(await opens(secret)).toBe(false);
  });

  test('comes for the old secret with a rotation, and what it had opened is closed', async () => {
    const { secret, key } = await aKey();
    const live = liveWith(secret);
    await live.said;
    const { status, body } = await api.admin.post<IssuedApiKey>(`/api-keys/${key.id}/rotate`, {});
    expect(status).toBe(200);
    expect(await live.closed).toBe(4401);
    expect([await opens(secret), await opens(body.secret)]).toEqual([false, true]);
    expect(body.key).toMatchObject({ id: key.id, name: key.name, previousValidUntil: null });
  });

  test('waits for programs that still have the old secret where a rotation says so', async () => {
    const { secret, key } = await aKey();
    const { body } = await api.admin.post<IssuedApiKey>(`/api-keys/${key.id}/rotate`, { keepOldMinutes: 60 });
    expect([await opens(secret), await opens(body.secret)]).toEqual([true, true]);
    const past = new Date(Date.now() - 1);
    await prisma.apiKey.update({ where: { id: key.id }, data: { previousValidUntil: past } });
    expect([await opens(secret), await opens(body.secret)]).toEqual([false, true]);
  });
});

test('a WebSocket with a key that opens nothing is closed, not let in as a stranger', async () => {
  expect(await liveWith('perch_no').closed).toBe(4401);
});

test('large bodies are taken from a key as from an operator', async () => {
  const { secret } = await aKey();
  const topic = { topic: 'big', payload: 'x'.repeat(1_200_000), encoding: 'base64' };
  const client = new ApiClient(api.app.url);
  expect((await client.post('/publish', topic, bearer(secret))).status).not.toBe(413);
  expect((await client.post('/publish', topic)).status).toBe(413);
});

test('only admins see and change keys', async () => {
  const { key } = await aKey();
  for (const who of [api.viewer, api.operator]) {
    expect((await who.get('/api-keys')).status).toBe(403);
    expect((await who.post('/api-keys', { name: 'x', role: 'viewer' } satisfies Partial<ApiKey>)).status).toBe(403);
    expect((await who.post(`/api-keys/${key.id}/rotate`, {})).status).toBe(403);
    expect((await who.delete(`/api-keys/${key.id}`)).status).toBe(403);
  }
});
