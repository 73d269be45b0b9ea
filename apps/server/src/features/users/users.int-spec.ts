import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { CreatedUser, User, UserPage } from './user.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.app.close());

async function aUser(username: string, fields = {}): Promise<User> {
  const answer = await api.operator.post<CreatedUser>('/users', { username, password: 'let me in', ...fields });
  const { generatedPassword, ...user } = answer.body;
  expect([answer.status, generatedPassword]).toEqual([201, null]);
  return user;
}

describe('the list of users', () => {
  test('shows who was created, without anything of the password', async () => {
    const user = await aUser('pump-7', { note: 'north' });
    expect(user).toMatchObject({
      username: 'pump-7',
      note: 'north',
      disabled: false,
      createdBy: 'operator',
      onlineClients: 0,
    });
    const { body } = await api.viewer.get('/users?q=NORTH');
    expect(body).toEqual({ items: [user], next: null, total: 1 });
    expect((await api.viewer.get(`/users/${user.id}`)).body).toEqual(user);
    expect(JSON.stringify(body)).not.toMatch(/argon|hash|let me in/i);
  });

  test('pages by key: everybody once, in order, also when somebody comes between', async () => {
    for (const name of ['page-b', 'page-d', 'page-a', 'page-c', 'page-e']) await aUser(name);
    const first = (await api.viewer.get<UserPage>('/users?q=page-&limit=2')).body;
    await aUser('page-0');
    const second = (await api.viewer.get<UserPage>(`/users?q=page-&limit=2&after=${first.next}`)).body;
    const third = (await api.viewer.get<UserPage>(`/users?q=page-&limit=2&after=${second.next}`)).body;
    const names = [first, second, third].map(({ items }) => items.map(({ username }) => username));
    expect(names).toEqual([['page-a', 'page-b'], ['page-c', 'page-d'], ['page-e']]);
    expect([first.total, third.next]).toEqual([5, null]);
  });

  test('filters by state', async () => {
    const { id } = await aUser('state-off');
    await aUser('state-on');
    await api.operator.patch(`/users/${id}`, { disabled: true });
    const names = async (state: string) =>
      (await api.viewer.get<UserPage>(`/users?q=state-&state=${state}`)).body.items.map(({ username }) => username);
    expect([await names('active'), await names('disabled')]).toEqual([['state-on'], ['state-off']]);
  });

  test('tells who is locked by a ban of their name, by whom, why and until when', async () => {
    const users = [];
    for (const name of ['lock-a', 'lock-b', 'lock-c', 'lock-d', 'lock-e']) users.push(await aUser(name));
    const bans = [];
    for (const value of ['lock-a', 'lock-b', 'lock-c', 'lock-d']) {
      const until = value === 'lock-d' ? null : new Date(Date.now() + 60_000).toISOString();
      const { body } = await api.operator.post<{ id: string }>('/bans', {
        kind: 'username',
        value,
        reason: 'why',
        until,
      });
      bans.push({ id: body.id, reason: 'why', createdBy: 'operator', until });
    }
    await api.operator.post('/bans', { kind: 'clientid', value: 'lock-e' });
    await api.operator.patch(`/users/${users[1]?.id}`, { disabled: true });
    const listed = async (query: string) => (await api.viewer.get<UserPage>(`/users?q=lock-&${query}`)).body;
    const names = ({ items }: UserPage) => items.map(({ username }) => username);
    const first = await listed('state=locked&limit=2');
    expect([names(first), first.total]).toEqual([['lock-a', 'lock-c'], 3]);
    expect(names(await listed(`state=locked&limit=2&after=${first.next}`))).toEqual(['lock-d']);
    expect(names(await listed('state=active'))).toEqual(['lock-e']);
    expect((await listed('')).items.map(({ state, ban }) => [state, ban])).toEqual([
      ['locked', expect.objectContaining(bans[0])],
      ['disabled', expect.objectContaining(bans[1])],
      ['locked', expect.objectContaining(bans[2])],
      ['locked', expect.objectContaining(bans[3])],
      ['active', null],
    ]);
    expect((await api.viewer.get(`/users/${users[3]?.id}`)).body).toMatchObject({ state: 'locked', ban: bans[3] });
    const { body: csv } = await api.viewer.get<string>('/users/export?q=lock-&state=locked');
    expect(String(csv).match(/^lock-./gm)).toEqual(['lock-a', 'lock-c', 'lock-d']);
    const filter = { q: 'lock-', state: 'locked' };
    await api.operator.post('/users/bulk', { action: 'addLabel', label: 'held', filter });
    expect(names(await listed('label=held'))).toEqual(['lock-a', 'lock-c', 'lock-d']);
    for (const { id } of bans) await api.operator.delete(`/bans/${id}`);
    expect(names(await listed('state=active'))).toEqual(['lock-a', 'lock-c', 'lock-d', 'lock-e']);
  });

  test('takes % and _ in a search for what they are', async () => {
    await aUser('100%_sure');
    expect((await api.viewer.get<UserPage>('/users?q=%25_')).body.items.map(({ username }) => username)).toEqual([
      '100%_sure',
    ]);
  });
});

test.each(['<script>alert(1)</script>', `'"; DROP TABLE users; --`, '{{constructor}}', '../../etc/passwd', '名前 🐦'])(
  'the name %s is stored and answered as it is',
  async (username) => {
    const { id } = await aUser(username, { note: username });
    const { body, headers } = await api.viewer.get(`/users/${id}`);
    expect(body).toMatchObject({ username, note: username });
    expect(headers.get('content-type')).toContain('application/json');
    const audit = await api.admin.get<{ items: { object: string }[] }>('/audit?action=users.create&limit=1');
    expect(audit.body.items[0]?.object).toBe(`user/${username}`);
  },
);

test.each(['', ' x', 'x ', 'a\0b', 'a\nb', '\ud800', 'x'.repeat(257)])('the name %j is refused', async (username) => {
  const { status, body } = await api.operator.post('/users', { username, password: 'let me in' });
  expect([status, body.errors]).toEqual([422, expect.arrayContaining([expect.objectContaining({ path: 'username' })])]);
});

test('a name is taken once, also by two requests at one time', async () => {
  const answers = await Promise.all(
    [1, 2, 3].map(() => api.operator.post('/users', { username: 'twin', password: 'let me in' })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'name-taken',
    errors: [{ path: 'username' }],
  });
});

describe('a connected user', () => {
  test('is counted', async () => {
    const { id } = await aUser('counted');
    await device(api.app, as('counted', 'let me in', 'counted-1'));
    await device(api.app, as('counted', 'let me in', 'counted-2'));
    expect((await api.viewer.get(`/users/${id}`)).body).toMatchObject({ onlineClients: 2 });
  });

  test('who is disabled is disconnected before the reply, stays out, and comes back when enabled', async () => {
    const { id } = await aUser('sleeper');
    const other = await device(api.app, as('counted', 'let me in', 'other'));
    const client = await device(api.app, as('sleeper', 'let me in', 'sleeper-1'));
    const { body } = await api.operator.patch(`/users/${id}`, { disabled: true });
    expect(body).toMatchObject({ disabled: true, onlineClients: 0 });
    expect((await api.viewer.get('/clients/sleeper-1')).body).toMatchObject({
      online: false,
      reason: 'administrative-action',
    });
    await vi.waitFor(() => expect(client.isClosed).toBe(true));
    expect((await device(api.app, as('sleeper', 'let me in', 'sleeper-1'))).last('connack')).toMatchObject({
      returnCode: 5,
    });
    await api.operator.patch(`/users/${id}`, { disabled: false });
    expect((await device(api.app, as('sleeper', 'let me in', 'sleeper-1'))).last('connack')).toMatchObject({
      returnCode: 0,
    });
    expect(other.isClosed).toBe(false);
  });

  test('whose password is reset is disconnected before the reply; only the new password opens', async () => {
    const { id, passwordChangedAt } = await aUser('reset');
    await device(api.app, as('reset', 'let me in', 'reset-1'));
    expect((await api.operator.post(`/users/${id}/password`, { password: 'open sesame' })).status).toBe(200);
    expect((await api.viewer.get('/clients/reset-1')).body).toMatchObject({ online: false });
    expect((await device(api.app, as('reset', 'let me in', 'reset-1'))).last('connack')).toMatchObject({
      returnCode: 4,
    });
    expect((await device(api.app, as('reset', 'open sesame', 'reset-1'))).last('connack')).toMatchObject({
      returnCode: 0,
    });
    const { body } = await api.viewer.get<User>(`/users/${id}`);
    expect(Date.parse(body.passwordChangedAt)).toBeGreaterThan(Date.parse(passwordChangedAt));
  });

  test('whose password is reset without disconnecting stays until they leave', async () => {
    const { id } = await aUser('stayer');
    await device(api.app, as('stayer', 'let me in', 'stayer-1'));
    await api.operator.post(`/users/${id}/password`, { password: 'open sesame', disconnect: false });
    expect((await api.viewer.get('/clients/stayer-1')).body).toMatchObject({ online: true });
    expect((await device(api.app, as('stayer', 'let me in', 'stayer-2'))).last('connack')).toMatchObject({
      returnCode: 4,
    });
  });

  test('who is deleted is disconnected before the reply and unknown from then on', async () => {
    const { id } = await aUser('goner');
    await device(api.app, as('goner', 'let me in', 'goner-1'));
    expect((await api.operator.delete(`/users/${id}`)).status).toBe(204);
    expect((await api.viewer.get('/clients/goner-1')).body).toMatchObject({ online: false });
    expect((await device(api.app, as('goner', 'let me in', 'goner-1'))).last('connack')).toMatchObject({
      returnCode: 4,
    });
    expect((await api.operator.delete(`/users/${id}`)).status).toBe(404);
  });
});

test('a password that is left out is generated, works, and is shown in that one answer only', async () => {
  const made = (await api.operator.post<CreatedUser>('/users', { username: 'gen-1' })).body;
  expect(made.generatedPassword).toMatch(/^\w{20}$/);
  const first = made.generatedPassword ?? '';
  expect((await device(api.app, as('gen-1', first, 'gen-1'))).last('connack')).toMatchObject({ returnCode: 0 });
  const reset = await api.operator.post<{ generatedPassword: string }>(`/users/${made.id}/password`, {});
  const second = reset.body.generatedPassword;
  expect([reset.status, second === first]).toEqual([200, false]);
  expect((await device(api.app, as('gen-1', second, 'gen-1'))).last('connack')).toMatchObject({ returnCode: 0 });
  const audit = (await api.admin.get('/audit?object=user/gen-1')).body;
  const shown = JSON.stringify([audit, (await api.viewer.get(`/users/${made.id}`)).body]);
  expect([shown.includes(first), shown.includes(second)]).toEqual([false, false]);
});

test('what changes is in the audit log, what was secret is not', async () => {
  const { id } = await aUser('audited', { note: 'before' });
  await api.operator.patch(`/users/${id}`, { note: 'after' });
  await api.operator.post(`/users/${id}/password`, { password: 'open sesame' });
  const { body } = await api.admin.get<{ items: object[] }>('/audit?object=user/audited');
  expect(body.items).toMatchObject([
    { action: 'users.resetPassword', operator: 'operator', result: 'done' },
    { action: 'users.update', before: { note: 'before' }, after: { note: 'after' } },
    { action: 'users.create', before: null, after: { username: 'audited' } },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/argon|open sesame|let me in/);
});
