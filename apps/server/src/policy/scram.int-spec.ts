import { Broker, type Credentials } from '@perch/broker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PrismaService } from '../database/prisma.service.js';
import type { User } from '../features/users/user.schemas.js';
import { type TestApi, startTestApi } from '../http/testing/api-client.js';
import { as, device } from '../http/testing/device.js';
import { DecoySecret } from './decoy-secret.js';
import { ScramClient } from './testing/scram-client.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.app.close());

const prisma = () => api.app.app.get(PrismaService);
const keysOf = async (username: string) => (await prisma().user.findUniqueOrThrow({ where: { username } })).scramKeys;

async function aUser(username: string, password: string): Promise<User> {
  const answer = await api.operator.post<User>('/users', { username, password });
  expect(answer.status).toBe(201);
  return answer.body;
}

/** Logs in by SCRAM at the broker's door; what it ends in. */
async function come(username: string, password: string) {
  const client: Omit<Credentials, 'password'> = {
    clientId: username,
    username: null,
    address: '127.0.0.1',
    certificateName: null,
    allowAnonymous: null,
    protocol: 'mqtt5',
  };
  const scram = new ScramClient(username, password);
  const exchange = api.app.app.get(Broker).authenticator.begin?.('SCRAM-SHA-256', client);
  const challenge = await exchange?.step(scram.first());
  if (!exchange || challenge?.state !== 'continue') return challenge?.state;
  const answer = await exchange.step(scram.final(challenge.data));
  if (answer.state === 'accepted') return scram.trusts(answer.data ?? Buffer.alloc(0)) ? 'accepted' : 'not trusted';
  return answer.state === 'refused' ? answer.refusal : answer.state;
}

test('a password that is set can be proven from then on, the one before no longer', async () => {
  const { id } = await aUser('scram-1', 'let me in');
  expect(await keysOf('scram-1')).toMatch(/^SCRAM-SHA-256\$32768:/);
  expect(await come('scram-1', 'let me in')).toBe('accepted');
  await api.operator.post(`/users/${id}/password`, { password: 'open sesame' });
  expect(await come('scram-1', 'let me in')).toBe('bad-credentials');
  expect(await come('scram-1', 'open sesame')).toBe('accepted');
});

test('a user from before SCRAM can use it after the next log-in with the password', async () => {
  const { id } = await aUser('scram-2', 'let me in');
  await prisma().user.update({ where: { id }, data: { scramKeys: null } });
  const { updatedAt } = await prisma().user.findUniqueOrThrow({ where: { id } });
  expect(await come('scram-2', 'let me in')).toBe('bad-credentials');
  await device(api.app, as('scram-2', 'let me in', 'scram-2'));
  await vi.waitFor(async () => expect(await keysOf('scram-2')).not.toBeNull());
  expect(await come('scram-2', 'let me in')).toBe('accepted');
  expect((await prisma().user.findUniqueOrThrow({ where: { id } })).updatedAt).toEqual(updatedAt);
});

test('keys leave the server neither by the list of users nor by the audit log', async () => {
  const { id } = await aUser('scram-3', 'let me in');
  const keys = (await keysOf('scram-3')) ?? '';
  const shown = [
    await api.operator.get(`/users/${id}`),
    await api.operator.get('/users'),
    await api.admin.get('/audit'),
  ];
  expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain(keys.split('$')[2]);
  expect(JSON.stringify(shown.map(({ body }) => body))).not.toMatch(/scram_?keys/i);
});

test('a disabled user proves the password in vain', async () => {
  const { id } = await aUser('scram-4', 'let me in');
  expect(await come('scram-4', 'let me in')).toBe('accepted');
  await api.operator.patch(`/users/${id}`, { disabled: true });
  expect(await come('scram-4', 'let me in')).toBe('banned');
});

test('decoys are the same after a restart, because their secret is kept', async () => {
  const secrets = await Promise.all([1, 2, 3].map(() => new DecoySecret(prisma()).read()));
  expect(secrets[0]).toHaveLength(32);
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
});
