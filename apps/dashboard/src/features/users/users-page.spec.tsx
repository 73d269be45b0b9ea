import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { User } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const aUser = (fields: Partial<User> = {}): User => ({
  id: 'u1',
  username: 'pump-7',
  disabled: false,
  state: 'active',
  note: '',
  clientIdBinding: { kind: 'any', text: '' },
  addresses: [],
  connectionLimit: null,
  validUntil: null,
  labels: [],
  createdBy: 'ana',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  passwordChangedAt: '2026-01-01T00:00:00Z',
  onlineClients: 0,
  lastSeenAt: null,
  ...fields,
});

const pageOf = (...items: User[]) => ({ body: { items, next: null, total: items.length } });

test('without any user the page says what users are for and offers to create one', async () => {
  await open('/access/users', { 'GET /api/v1/users': pageOf() });
  expect(await screen.findByText('No users yet')).toBeTruthy();
  expect(screen.getAllByRole('button', { name: 'Create user' })).toHaveLength(2);
});

test('while users are read the table shows its shape, not emptiness', async () => {
  let release = () => {};
  const wait = new Promise<void>((resolve) => (release = resolve));
  await open('/access/users', { 'GET /api/v1/users': { ...pageOf(aUser()), wait } });
  expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy();
  expect(screen.queryByText('No users yet')).toBeNull();
  release();
  expect(await screen.findByText('pump-7')).toBeTruthy();
});

test('a failed read says why, names the request and can be tried again', async () => {
  const { api } = await open('/access/users', {
    'GET /api/v1/users': problem(422, 'invalid-fields', 'The filter is not valid'),
  });
  await screen.findAllByText('The filter is not valid');
  expect(screen.getByText('req-1')).toBeTruthy();
  api.change({ 'GET /api/v1/users': pageOf(aUser()) });
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('pump-7')).toBeTruthy();
});

test('a viewer is told which permission creating needs', async () => {
  const { api } = await open('/access/users', { 'GET /api/v1/users': pageOf(aUser()) }, aViewer);
  const create = await screen.findByRole('button', { name: 'Create user' });
  expect(create.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(create);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(api.asked.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('somebody who may not read users sees which permission is missing', async () => {
  const operator = { ...aViewer, permissions: ['stats:read'] };
  await open('/access/users', { 'GET /api/v1/users': pageOf() }, operator);
  expect(await screen.findByText(/lacks the permission users:read/)).toBeTruthy();
});

test('the filter is in the address and reaches the server', async () => {
  const { api, history } = await open('/access/users?state=disabled', { 'GET /api/v1/users': pageOf() });
  expect(await screen.findByText('No user matches the filter')).toBeTruthy();
  fireEvent.change(screen.getByRole('textbox', { name: 'Filter by name or note' }), { target: { value: 'pump' } });
  await waitFor(() => expect(history.location.search).toBe('?state=disabled&q=pump'));
  await waitFor(() => expect(api.asked).toContain('GET /api/v1/users?q=pump&state=disabled&limit=200'));
});

test('a created user shows its password once, and it is the one that was sent', async () => {
  let sent: { username?: string; password?: string } = {};
  await open('/access/users?new=user', {
    'GET /api/v1/users': pageOf(),
    'POST /api/v1/users': ({ body }) => {
      sent = body as typeof sent;
      return { status: 201, body: aUser({ username: 'pump-8' }) };
    },
  });
  fireEvent.change(await screen.findByRole('textbox', { name: 'Username' }), { target: { value: 'pump-8' } });
  fireEvent.click(screen.getAllByRole('button', { name: 'Create user' }).at(-1)!);
  expect(await screen.findByText('User pump-8 exists')).toBeTruthy();
  expect(sent.username).toBe('pump-8');
  expect(sent.password).toMatch(/^\w{20}$/);
  expect(screen.getByText(sent.password!)).toBeTruthy();
});

test('a name that is taken is said at the field', async () => {
  await open('/access/users?new=user', {
    'GET /api/v1/users': pageOf(),
    'POST /api/v1/users': problem(409, 'name-taken', 'The name is taken', {
      errors: [{ path: 'username', message: 'There is a user of this name' }],
    }),
  });
  const field = await screen.findByRole('textbox', { name: 'Username' });
  fireEvent.change(field, { target: { value: 'pump-7' } });
  fireEvent.click(screen.getAllByRole('button', { name: 'Create user' }).at(-1)!);
  expect(await screen.findByText('There is a user of this name')).toBeTruthy();
  expect(field.getAttribute('aria-invalid')).toBe('true');
});
