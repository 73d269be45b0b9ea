import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { InvitationList, IssuedInvitation } from './invitation.schemas.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

async function invite(name: string, role = 'operator') {
  const { status, body } = await api.admin.post<IssuedInvitation>('/invitations', { name, role });
  expect(status).toBe(201);
  return { ...body.invitation, token: body.path.split('#')[1] ?? '' };
}

const look = (token: string) => api.stranger.post('/invitations/look', { token });
const accept = (token: string, browser = new ApiClient(api.app.url)) =>
  browser.post('/invitations/accept', { token, password: PASSWORD });

test('an invitation makes an operator with a password of their own, signs in, and opens once', async () => {
  const { token } = await invite('ben');
  expect((await look(token)).body).toMatchObject({ name: 'ben', role: 'operator', createdBy: 'admin' });
  const browser = new ApiClient(api.app.url);
  expect(await accept(token, browser)).toMatchObject({ status: 201, body: { name: 'ben', role: 'operator' } });
  expect((await browser.get('/auth/me')).body).toMatchObject({ name: 'ben' });
  expect(await accept(token)).toMatchObject({ status: 403, body: { code: 'bad-token' } });
  expect((await api.admin.get<InvitationList>('/invitations')).body.items).toEqual([]);
  const { body } = await api.admin.get('/audit?object=operator/ben');
  expect(body.items).toMatchObject([
    { action: 'invitations.accept', operator: 'ben' },
    { action: 'invitations.create' },
  ]);
  expect(JSON.stringify(body)).not.toContain(token);
});

test('of two who accept at one time one becomes the operator', async () => {
  const { token } = await invite('raced');
  const answers = await Promise.all([accept(token), accept(token)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403]);
});

test('an invitation ends after a day, when it is withdrawn, and when another is sent', async () => {
  const old = await invite('late');
  const prisma = api.app.app.get(PrismaService, { strict: false });
  await prisma.operatorInvitation.update({ where: { id: old.id }, data: { expiresAt: new Date(Date.now() - 1) } });
  expect((await look(old.token)).status).toBe(403);
  expect((await accept(old.token)).status).toBe(403);
  const first = await invite('twice');
  const second = await invite('twice');
  expect([(await look(first.token)).status, (await look(second.token)).status]).toEqual([403, 200]);
  expect((await api.admin.delete(`/invitations/${second.id}`)).status).toBe(204);
  expect((await look(second.token)).status).toBe(403);
  expect((await api.admin.delete(`/invitations/${second.id}`)).status).toBe(404);
});

test('nobody is invited by the name of an operator, nor by others than admins', async () => {
  expect(await api.admin.post('/invitations', { name: 'viewer', role: 'admin' })).toMatchObject({
    status: 409,
    body: { code: 'name-taken' },
  });
  expect((await api.operator.post('/invitations', { name: 'x', role: 'viewer' })).status).toBe(403);
  expect((await look('nothing')).status).toBe(403);
});
