import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Broker } from '@perch/broker';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ApiClient, PASSWORD, startTestApi, type TestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import { HookServer } from '../../policy/testing/hook-server.js';
import { startTestApp } from '../../testing/start-test-app.js';
import { createTestDatabase } from '../../testing/test-database.js';
import type { ClientDetail } from '../clients/client.schemas.js';
import type { CreatedUser, User } from './user.schemas.js';

const SECRET = 'a secret of more than thirty-two bytes';
const LET_IN = 0;
const QUOTA = 3;

let api: TestApi;
let hook: HookServer;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let joe: User;

beforeAll(async () => {
  database = await createTestDatabase();
  hook = await HookServer.start(() => ({ body: { result: 'allow' } }));
  api = await startTestApi({ env: { DATABASE_URL: database.url, PERCH_POLICY_DEFAULT: 'allow' } });
  const key = { kind: 'secret', secret: { value: SECRET } };
  const authenticators = [
    { id: 'certificate', kind: 'certificate', requireUser: true },
    { id: 'cloud', kind: 'jwt', algorithms: ['HS256'], key, labelsClaim: 'labels' },
    { id: 'people', kind: 'users' },
    { id: 'users', kind: 'http', url: hook.url },
  ];
  const authorizers = [{ id: 'policy', kind: 'policy' }];
  const saved = await api.admin.put('/settings/access', { authenticators, authorizers }, { 'if-match': '"0"' });
  expect(saved.status).toBe(200);
  joe = await aUser('joe', { labels: ['of-joe'] });
});
afterAll(async () => {
  await api?.app.close();
  await hook?.stop();
  await database?.drop();
});

async function aUser(username: string, fields = {}): Promise<User> {
  return (await api.operator.post<CreatedUser>('/users', { username, password: 'let me in', ...fields })).body;
}

function token(username: string): Promise<string> {
  const signer = new SignJWT({ sub: username, labels: ['of-a-token'] }).setProtectedHeader({ alg: 'HS256' });
  return signer.setExpirationTime('1h').sign(Buffer.from(SECRET));
}

const text = (value: string) =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), Buffer.from(value)]);

/** Connects over TCP, as MQTT 3.1.1 with a session that is kept; resolves with the return code of the CONNACK. */
async function overTcp(clientId: string, username: string, password: string) {
  const socket: Socket = connect(api.app.mqttPort as number, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, 0xc0, 0, 60]),
    ...[clientId, username, password].map(text),
  ]);
  socket.write(Buffer.concat([Buffer.from([0x10, (body.length & 0x7f) | 0x80, body.length >> 7]), body]));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return { socket, code: bytes[3] };
}

const client = async (clientId: string) => (await api.viewer.get<ClientDetail>(`/clients/${clientId}`)).body;
const patch = async (change: object) => (await api.operator.patch<User>(`/users/${joe.id}`, change)).body;
const labelsOf = (clientId: string) => api.app.app.get(Broker).sessions.get(clientId)?.identity.labels;

test('who came in by a token or a hook under the name of a user is not that user: no change of the user touches it', async () => {
  const [mine, tokens] = [
    await overTcp('mine', 'joe', 'let me in'),
    await overTcp('tokens', 'joe', await token('joe')),
  ];
  hook.answer(() => ({ body: { result: 'allow', username: 'joe', labels: ['of-the-hook'] } }));
  const hooks = await overTcp('hooks', 'somebody', 'x');
  const certified = await device(api.app, {
    clientId: 'certified',
    username: 'joe',
    certificateName: 'joe',
    terms: { name: '', allowAnonymous: null, packetBytes: null, certificateAs: 'username' },
  });
  expect([mine.code, tokens.code, hooks.code]).toEqual([LET_IN, LET_IN, LET_IN]);
  expect(await Promise.all(['mine', 'tokens', 'hooks', 'certified'].map(client))).toMatchObject([
    { username: 'joe', authenticator: 'users' },
    { username: 'joe', authenticator: 'jwt/cloud' },
    { username: 'joe', authenticator: 'http/users' },
    { username: 'joe', authenticator: 'users' },
  ]);
  expect(await patch({ labels: ['changed'] })).toMatchObject({ onlineClients: 2 });
  expect(['mine', 'tokens', 'hooks', 'certified'].map(labelsOf)).toEqual([
    ['changed'],
    ['of-a-token'],
    ['of-the-hook'],
    ['changed'],
  ]);
  expect(await patch({ disabled: true })).toMatchObject({ onlineClients: 0 });
  await vi.waitFor(() => expect([mine.socket.closed, certified.isClosed]).toEqual([true, true]));
  expect([(await client('tokens')).online, (await client('hooks')).online]).toEqual([true, true]);
  await patch({ disabled: false });
});

test('a user’s limit of connections is no limit of those who have the name from elsewhere', async () => {
  const held = await aUser('held', { connectionLimit: 1 });
  const codes: (number | undefined)[] = [];
  for (const id of ['h1', 'h2']) codes.push((await overTcp(id, 'held', await token('held'))).code);
  for (const id of ['h3', 'h4']) codes.push((await overTcp(id, 'held', 'let me in')).code);
  expect(codes).toEqual([LET_IN, LET_IN, LET_IN, QUOTA]);
  await api.operator.patch(`/users/${held.id}`, { connectionLimit: 1, note: 'looked at again' });
  expect(await Promise.all(['h1', 'h2', 'h3'].map(async (id) => (await client(id)).online))).toEqual([
    true,
    true,
    true,
  ]);
});

test('sessions that are kept know it after a restart, and so does what is known of clients', async () => {
  const ends = [await overTcp('kept', 'joe', 'let me in'), await overTcp('kept-token', 'joe', await token('joe'))];
  await vi.waitFor(async () => expect((await client('kept-token')).durable).toBe(true));
  for (const { socket } of ends) socket.destroy();
  await vi.waitFor(async () =>
    expect((await client('kept-token')).online || (await client('kept')).online).toBe(false),
  );
  await api.app.close();
  const app = await startTestApp({ env: { PERCH_ADMIN_PASSWORD: PASSWORD, DATABASE_URL: database.url } });
  const admin = new ApiClient(app.url);
  await admin.signIn('admin', PASSWORD);
  api = { ...api, app, admin, operator: admin, viewer: admin };
  expect([await client('kept'), await client('kept-token')]).toMatchObject([
    { authenticator: 'users' },
    { authenticator: 'jwt/cloud' },
  ]);
  await patch({ labels: ['after'] });
  expect(['kept', 'kept-token'].map(labelsOf)).toEqual([['after'], ['of-a-token']]);
});
