import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { PrismaService } from '../database/prisma.service.js';
import { startTestApi, type TestApi } from '../http/testing/api-client.js';

const SECRET = 'a secret of more than thirty-two bytes';
const SIGN_IN_IDLE_MS = 12 * 3_600_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const key = { kind: 'secret', secret: { value: SECRET } };
  const jwt = { id: 'jwt', kind: 'jwt', algorithms: ['HS256'], leewaySeconds: 0, key };
  const authenticators = [jwt, { id: 'users', kind: 'users' }];
  const authorizers = [{ id: 'policy', kind: 'policy' }];
  const set = await api.admin.put('/settings/access', { authenticators, authorizers }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  const rule = { id: 'own', effect: 'allow', subject: 'everyone', value: '*', access: 'pubsub', topics: ['of/%u/#'] };
  const saved = await api.admin.put('/policy', { rules: [rule] }, { 'if-match': '"1"' });
  expect(saved.status).toBe(200);
});
afterAll(() => api?.app.close());

/** A connection to /ws, and all that came over it. */
function live(headers: Record<string, string> = {}) {
  const { host } = new URL(api.app.url);
  const socket = new WebSocket(`ws://${host}/ws`, 'perch.json', { headers });
  onTestFinished(() => socket.terminate());
  const frames: { type: string; id?: number; clientId?: string; ok?: boolean; error?: { code: string } }[] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as (typeof frames)[number]));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  const opened = new Promise((resolve) => socket.once('open', resolve));
  const say = async (frame: object) => {
    await opened;
    socket.send(JSON.stringify(frame));
  };
  const answer = (id: number) =>
    vi.waitFor(() => {
      const found = frames.find((frame) => frame.id === id);
      if (!found) throw new Error(`There is no answer to ${id}: ${JSON.stringify(frames)}`);
      return found;
    });
  const ask = async (frame: { readonly type: string; readonly id: number; readonly [field: string]: unknown }) => {
    await say(frame);
    return answer(frame.id);
  };
  return { frames, closed, say, ask };
}

describe('a token', () => {
  const tokenOf = (name: string, { secret = SECRET, seconds = 3600 } = {}) =>
    new SignJWT({ sub: name })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(Buffer.from(secret));
  const bind = (id: number, token: string) => ({ type: 'bind', id, auth: { type: 'bearer', token } });

  test('says whose it is, and the rules are those of that user', async () => {
    const client = live();
    expect(await client.ask(bind(1, await tokenOf('lathe')))).toMatchObject({ type: 'welcome' });
    const filters = ['of/lathe/#', 'of/pump/#'];
    expect(await client.ask({ type: 'subscribe', id: 2, filters })).toMatchObject({
      results: [{ filter: 'of/lathe/#' }, { filter: 'of/pump/#', error: { code: 'not-authorized' } }],
    });
    expect(await client.ask({ type: 'publish', id: 3, topic: 'of/lathe/state', payload: 'on', qos: 1 })).toEqual({
      type: 'result',
      id: 3,
      ok: true,
    });
    expect(client.frames).toContainEqual({
      type: 'messages',
      messages: [{ topic: 'of/lathe/state', payload: 'on' }],
    });
    const { clientId = '' } = client.frames.find(({ id }) => id === 1) ?? {};
    expect((await api.viewer.get(`/clients/${clientId}`)).body).toMatchObject({
      online: true,
      username: 'lathe',
      authenticator: 'jwt/jwt',
      protocol: 'json',
    });
  });

  test.each([
    ['of a wrong signature', { secret: 'another secret of more than thirty-two bytes' }],
    ['that has expired', { seconds: -5 }],
  ])('%s is refused, and its client is told not to come back with it', async (_, options) => {
    const client = live();
    expect(await client.ask(bind(1, await tokenOf('lathe', options)))).toMatchObject({
      ok: false,
      error: { code: 'bad-credentials' },
    });
    expect((await client.closed).code).toBe(4401);
  });

  test('that expires ends its connection with the code for it; one that is renewed in time goes on', async () => {
    const [ending, renewing] = [live(), live()];
    const token = await tokenOf('lathe', { seconds: 3 });
    const welcomes = await Promise.all([renewing.ask(bind(1, token)), ending.ask(bind(1, token))]);
    expect(welcomes).toMatchObject([{ type: 'welcome' }, { type: 'welcome' }]);
    expect(await renewing.ask(bind(2, await tokenOf('lathe')))).toMatchObject({ type: 'welcome' });
    expect(await ending.closed).toEqual({ code: 4401, reason: 'What this client was let in for is over.' });
    await renewing.say({ type: 'ping' });
    await vi.waitFor(() => expect(renewing.frames.at(-1)).toEqual({ type: 'pong' }));
  });
});

test('the connection of an operator ends when nobody has been there for too long, and keeps nobody signed in', async () => {
  const lastSeenAt = new Date(Date.now() - SIGN_IN_IDLE_MS + 1500);
  const where = { operator: { name: 'operator' } };
  await api.app.app.get(PrismaService).operatorSession.updateMany({ where, data: { lastSeenAt } });
  const page = live({ cookie: api.operator.cookie, origin: api.app.url });
  expect(await page.closed).toEqual({ code: 4401, reason: 'The sign-in has ended.' });
  expect((await api.operator.get('/auth/me')).status).toBe(401);
});
