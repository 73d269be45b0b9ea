import type { MqttClient } from '@perch/broker/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { CreatedUser, User, UserPage } from './user.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.app.close());

const PASSWORD = 'let me in';

async function aUser(username: string, fields = {}): Promise<User> {
  const answer = await api.operator.post<CreatedUser>('/users', { username, password: PASSWORD, ...fields });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** Connects as the user; `address` as the broker sees it. */
function come(username: string, clientId: string, address = '127.0.0.1'): Promise<MqttClient> {
  return device(api.app, { ...as(username, PASSWORD, clientId), address });
}

async function outcomeOf(username: string, clientId: string, address?: string) {
  return ((await come(username, clientId, address)).last('connack') as { returnCode: number }).returnCode;
}

const patch = (user: User, change: object) => api.operator.patch<User>(`/users/${user.id}`, change);
const isOnline = async (clientId: string) =>
  (await api.viewer.get<{ online: boolean }>(`/clients/${clientId}`)).body.online;

describe('what a user may be told', () => {
  test('is stored, answered and audited, before and after', async () => {
    const terms = {
      clientIdBinding: { kind: 'prefix', text: 'pump-' },
      addresses: ['10.0.0.0/8', '2001:db8::1'],
      connectionLimit: 3,
      validUntil: '2030-01-01T00:00:00.000Z',
      labels: ['north', 'pumps'],
    };
    const user = await aUser('terms-1', terms);
    expect(user).toMatchObject({ ...terms, state: 'active', lastSeenAt: null });
    const { body } = await patch(user, { labels: ['south', 'south'], clientIdBinding: { kind: 'any' } });
    expect(body).toMatchObject({ ...terms, labels: ['south'], clientIdBinding: { kind: 'any', text: '' } });
    const audit = await api.admin.get('/audit?object=user/terms-1&action=users.update');
    expect(audit.body).toMatchObject({
      items: [{ before: { labels: ['north', 'pumps'] }, after: { labels: ['south'], addresses: terms.addresses } }],
    });
  });

  test.each([
    [{ clientIdBinding: { kind: 'exact' } }, 'clientIdBinding.text'],
    [{ clientIdBinding: { kind: 'any', text: 'x' } }, 'clientIdBinding.text'],
    [{ addresses: ['10.0.0.0/8', '10.0.0.300'] }, 'addresses.1'],
    [{ connectionLimit: 0 }, 'connectionLimit'],
    [{ validUntil: 'tomorrow' }, 'validUntil'],
    [{ labels: ['fine', 'not fine'] }, 'labels.1'],
  ])('%j is refused at %s', async (fields, path) => {
    const { status, body } = await api.operator.post('/users', { username: 'terms-wrong', ...fields });
    expect([status, body.errors]).toEqual([422, expect.arrayContaining([expect.objectContaining({ path })])]);
  });

  test('finds users again: by label, and by state with those whose time is over', async () => {
    await aUser('find-1', { labels: ['found'] });
    await aUser('find-2', { labels: ['found', 'lost'], validUntil: '2020-01-01T00:00:00Z' });
    await aUser('find-3', { labels: ['found'], disabled: true });
    const names = async (query: string) =>
      (await api.viewer.get<UserPage>(`/users?q=find-&${query}`)).body.items.map(({ username }) => username);
    expect(await names('label=found&state=active')).toEqual(['find-1']);
    expect(await names('state=expired')).toEqual(['find-2']);
    await aUser('find-4', { validUntil: '2099-01-01T00:00:00Z' });
    expect(await names('endsBefore=2099-01-02T00:00:00Z')).toEqual(['find-4']);
    expect(await names('endsBefore=2098-01-01T00:00:00Z')).toEqual([]);
    expect(await names('state=disabled')).toEqual(['find-3']);
    expect(await names('label=lost')).toEqual(['find-2']);
    const { body } = await api.viewer.get('/users/labels');
    expect(body.items).toEqual(expect.arrayContaining([{ label: 'found', users: 3 }]));
  });
});

describe('at the door', () => {
  test('a client id or an address that does not fit looks like a wrong password, and is counted as what it is', async () => {
    await aUser('door-1', { clientIdBinding: { kind: 'exact', text: 'door-1' }, addresses: ['10.0.0.0/8'] });
    expect(await outcomeOf('door-1', 'door-1', '10.1.2.3')).toBe(0);
    expect(await outcomeOf('door-1', 'door-2', '10.1.2.3')).toBe(4);
    expect(await outcomeOf('door-1', 'door-1', '11.1.2.3')).toBe(4);
    expect(await outcomeOf('door-1', 'door-1', '10.1.2.3')).toBe(0);
  });

  test('a user whose time is over stays out', async () => {
    await aUser('door-2', { validUntil: '2020-01-01T00:00:00Z' });
    expect(await outcomeOf('door-2', 'door-2')).toBe(5);
  });

  test('a user with a limit of connections has that many', async () => {
    await aUser('door-3', { connectionLimit: 2 });
    expect(await outcomeOf('door-3', 'door-3a')).toBe(0);
    expect(await outcomeOf('door-3', 'door-3b')).toBe(0);
    expect(await outcomeOf('door-3', 'door-3c')).toBe(3);
  });
});

describe('before the reply, a change ends', () => {
  test.each([
    ['another client id is bound', { clientIdBinding: { kind: 'exact', text: 'other' } }],
    ['addresses are allowed that it does not come from', { addresses: ['10.0.0.0/8'] }],
    ['the end is moved into the past', { validUntil: '2020-01-01T00:00:00Z' }],
    ['it is disabled', { disabled: true }],
  ])('the connection when %s', async (what, change) => {
    const name = `end ${what}`;
    const user = await aUser(name);
    const client = await come(name, name);
    expect((await patch(user, { note: 'nothing else' })).body.onlineClients).toBe(1);
    expect((await patch(user, change)).body.onlineClients).toBe(0);
    await vi.waitFor(() => expect(client.isClosed).toBe(true));
  });

  test('the newest connections beyond a lower limit', async () => {
    const user = await aUser('limit');
    for (const id of ['limit-a', 'limit-b', 'limit-c']) await come('limit', id);
    expect((await patch(user, { connectionLimit: 1 })).body.onlineClients).toBe(1);
    expect([await isOnline('limit-a'), await isOnline('limit-b'), await isOnline('limit-c')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a connection whose session waits for the database still', async () => {
    const user = await aUser('entering');
    const durable = { ...as('entering', PASSWORD, 'entering-1'), clean: false };
    await device(api.app, durable); // its credentials are known from now on: the next one is let in in the same turn
    const again = device(api.app, { ...durable, clientId: 'entering-2' }).catch(() => null);
    await patch(user, { disabled: true });
    const client = await again;
    await vi.waitFor(() => expect(client?.isClosed ?? true).toBe(true));
    expect((await api.viewer.get<User>(`/users/${user.id}`)).body.onlineClients).toBe(0);
  });
});

test('labels that change take subscriptions away and grant others, and the client stays', async () => {
  const rule = { effect: 'allow', subject: 'label', value: 'north', access: 'sub', topics: ['north/#'] };
  expect((await api.operator.post('/policy/rules', { rule })).status).toBe(201);
  const user = await aUser('labelled', { labels: ['north'] });
  const client = await come('labelled', 'labelled-1');
  client.subscribe('north/1');
  await vi.waitFor(() => expect(client.last('suback')).toMatchObject({ granted: [0] }));
  const filters = async () =>
    (await api.viewer.get<{ session: { subscriptions: { filter: string }[] } }>('/clients/labelled-1')).body.session
      .subscriptions;
  expect(await filters()).toHaveLength(1);
  await patch(user, { labels: [] });
  expect(await filters()).toEqual([]);
  expect(await isOnline('labelled-1')).toBe(true);
  await patch(user, { labels: ['north'] });
  client.subscribe('north/2');
  await vi.waitFor(async () => expect(await filters()).toHaveLength(1));
});

test('a user whose time ends while connected is disconnected at that moment', async () => {
  const user = await aUser('ending');
  const client = await come('ending', 'ending-1');
  await patch(user, { validUntil: new Date(Date.now() + 300).toISOString() });
  expect(client.isClosed).toBe(false);
  await vi.waitFor(() => expect(client.isClosed).toBe(true), { timeout: 10_000 });
  expect((await api.viewer.get('/clients/ending-1')).body).toMatchObject({ reason: 'authorization-expired' });
  expect((await api.viewer.get<User>(`/users/${user.id}`)).body).toMatchObject({ state: 'expired' });
});

test('a user was last seen when a client of theirs came or went last', async () => {
  const user = await aUser('seen');
  const before = Date.now();
  await come('seen', 'seen-1');
  const { lastSeenAt } = (await api.viewer.get<User>(`/users/${user.id}`)).body;
  expect(Date.parse(lastSeenAt ?? '')).toBeGreaterThanOrEqual(before);
});
