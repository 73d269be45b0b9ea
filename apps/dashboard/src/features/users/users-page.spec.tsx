import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { User } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

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
  ban: null,
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

const noLabels = { body: { items: [] } };

async function chooseInMenu(item: string) {
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for pump-7' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: item }));
}

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

const server = { name: 'perch', version: '1', listeners: [], anonymous: false };

test('a created user shows the password that the server generated, once, and how to connect with it', async () => {
  let sent: object = {};
  await open('/access/users?new=user', {
    'GET /api/v1/users': pageOf(),
    'GET /api/v1/users/labels': noLabels,
    'GET /api/v1/server': { body: server },
    'POST /api/v1/users': ({ body }) => {
      sent = body as object;
      return { status: 201, body: { ...aUser({ username: 'pump-8' }), generatedPassword: 'kV9rTq2zLm7wXeAbCdEf' } };
    },
  });
  fireEvent.change(await screen.findByRole('textbox', { name: 'Username' }), { target: { value: 'pump-8' } });
  fireEvent.click(screen.getByRole('radio', { name: 'Begins with' }));
  fireEvent.change(screen.getByRole('textbox', { name: 'Client id that is compared' }), { target: { value: 'pump-' } });
  fireEvent.change(screen.getByLabelText('Connections at a time'), { target: { value: '3' } });
  fireEvent.click(screen.getAllByRole('button', { name: 'Create user' }).at(-1)!);
  expect(await screen.findByText('User pump-8 exists')).toBeTruthy();
  expect(sent).toEqual({
    username: 'pump-8',
    clientIdBinding: { kind: 'prefix', text: 'pump-' },
    addresses: [],
    connectionLimit: 3,
    validUntil: null,
    labels: [],
    note: '',
  });
  expect(screen.getByText('kV9rTq2zLm7wXeAbCdEf')).toBeTruthy();
  expect(await screen.findByText(/password: 'kV9rTq2zLm7wXeAbCdEf'/)).toBeTruthy();
  expect(screen.getByText(/allow username pump-8 pub toCloud\/%c/)).toBeTruthy();
});

test('a user is edited with what it has, and what is not touched is sent back as it was', async () => {
  const validUntil = '2030-01-01T00:00:00.000Z';
  const user = aUser({ labels: ['north'], addresses: ['10.0.0.0/8'], connectionLimit: 2, validUntil });
  let sent: object = {};
  await open('/access/users', {
    'GET /api/v1/users': pageOf(user),
    'GET /api/v1/users/labels': noLabels,
    'PATCH /api/v1/users/u1': ({ body }) => {
      sent = body as object;
      return { body: user };
    },
  });
  await chooseInMenu('Edit…');
  fireEvent.change(await screen.findByRole('textbox', { name: 'Note' }), { target: { value: 'by the door' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('pump-7 is saved')).toBeTruthy();
  expect(sent).toEqual({
    clientIdBinding: { kind: 'any', text: '' },
    addresses: ['10.0.0.0/8'],
    connectionLimit: 2,
    validUntil,
    labels: ['north'],
    note: 'by the door',
  });
});

test('a clone begins with what the user has, but neither name nor password', async () => {
  await open('/access/users', {
    'GET /api/v1/users': pageOf(aUser({ connectionLimit: 7 })),
    'GET /api/v1/users/labels': noLabels,
  });
  await chooseInMenu('Clone…');
  expect((await screen.findByLabelText<HTMLInputElement>('Connections at a time')).value).toBe('7');
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Username' }).value).toBe('');
});

test('the menu of a user leads to the form of a ban, filled in', async () => {
  const operator = { ...anAdmin, permissions: [...anAdmin.permissions, 'clients:write'] };
  const { history } = await open('/access/users', { 'GET /api/v1/users': pageOf(aUser()) }, operator);
  await chooseInMenu('Ban…');
  await waitFor(() => expect(history.location.href).toBe('/access/bans?new=username&value=pump-7'));
});

test('a password is reset to a generated one, with the clients disconnected or not', async () => {
  let sent: object = {};
  await open('/access/users', {
    'GET /api/v1/users': pageOf(aUser()),
    'POST /api/v1/users/u1/password': ({ body }) => {
      sent = body as object;
      return { body: { generatedPassword: 'aNewOneFromTheServer' } };
    },
  });
  await chooseInMenu('Reset password…');
  fireEvent.click(await screen.findByRole('checkbox', { name: /Disconnect its clients now/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Set the password' }));
  expect(await screen.findByText('aNewOneFromTheServer')).toBeTruthy();
  expect(sent).toEqual({ disconnect: false });
});

test('the table says who is bound to what, who was seen when, and whose time ends', async () => {
  const soon = new Date(Date.now() + 3.5 * 3_600_000).toISOString();
  const users = pageOf(
    aUser({ clientIdBinding: { kind: 'prefix', text: 'pump-' }, labels: ['a', 'b', 'c', 'd', 'e'], validUntil: soon }),
    aUser({ id: 'u2', username: 'gone', state: 'expired', validUntil: '2020-01-01T00:00:00Z', onlineClients: 3 }),
    aUser({ id: 'u3', username: 'off', state: 'disabled', disabled: true }),
  );
  await open('/access/users', { 'GET /api/v1/users': users });
  const cells = (name: RegExp) => within(screen.getByRole('row', { name }));
  await screen.findByText('pump-7');
  expect(cells(/pump-7/).getByText('ends in 3 hr.')).toBeTruthy();
  expect(cells(/pump-7/).getByText('pump-…')).toBeTruthy();
  expect(cells(/pump-7/).getByText('a, b, c, d, e')).toBeTruthy();
  expect(cells(/pump-7/).getByText('never')).toBeTruthy();
  expect(cells(/gone/).getByText('Expired')).toBeTruthy();
  expect(cells(/gone/).getByRole('link', { name: '3 online clients of gone' })).toBeTruthy();
  expect(cells(/off/).getByText('Disabled')).toBeTruthy();
});

describe('a user that is kept out', () => {
  const operator = { ...anAdmin, permissions: [...anAdmin.permissions, 'clients:write'] };
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const ban = { id: 'b1', reason: 'stolen', createdBy: 'ben', createdAt: '2026-01-01T00:00:00Z', until: inAnHour };
  const locked = aUser({ state: 'locked', ban });

  test('is shown as locked, why and for how long still; one click lifts the ban, another takes that back', async () => {
    let sent: object = {};
    const { api } = await open(
      '/access/users?state=locked',
      {
        'GET /api/v1/users': ({ search }) => (search.get('state') === 'locked' ? pageOf(locked) : pageOf()),
        'DELETE /api/v1/bans/b1': { body: {} },
        'POST /api/v1/bans': ({ body }) => {
          sent = body as object;
          return { status: 201, body: {} };
        },
      },
      operator,
    );
    const row = within(await screen.findByRole('row', { name: /pump-7/ }));
    expect(row.getByText('Locked')).toBeTruthy();
    expect(row.getByText(/^(1 h|\d+ min .*) left, by ben: stolen$/)).toBeTruthy();
    fireEvent.click(row.getByRole('button', { name: 'Lift the ban of user pump-7' }));
    await screen.findByText('Lifted: user pump-7 may connect again');
    expect(api.asked).toContain('DELETE /api/v1/bans/b1');
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByText('Locked again: user pump-7');
    expect(sent).toEqual({ kind: 'username', value: 'pump-7', reason: 'stolen', until: inAnHour });
  });

  test('is what its row says first, and locked no more when the ban is over', async () => {
    const past = { ...ban, until: '2026-01-01T00:00:01Z' };
    const users = pageOf(
      aUser({ id: 'u2', username: 'off', state: 'disabled', disabled: true, ban }),
      aUser({ id: 'u3', username: 'over', state: 'locked', ban: past }),
    );
    await open('/access/users', { 'GET /api/v1/users': users }, operator);
    expect(within(await screen.findByRole('row', { name: /off/ })).getByText('Disabled')).toBeTruthy();
    expect(within(screen.getByRole('row', { name: /over/ })).getByText('Active')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Lift/ })).toBeNull();
  });

  test('at one address only is active, and its drawer says where; it is lifted there, and taken back', async () => {
    const from = { address: '192.0.2.7', since: new Date().toISOString(), until: inAnHour };
    let sent: object = {};
    const { api } = await open(
      '/access/users',
      {
        'GET /api/v1/users': pageOf(aUser()),
        'GET /api/v1/users/labels': noLabels,
        'GET /api/v1/users/u1': { body: aUser() },
        'GET /api/v1/users/u1/login-bans': { body: { items: [from] } },
        'DELETE /api/v1/users/u1/login-bans': { body: from },
        'POST /api/v1/users/u1/login-bans': ({ body }) => {
          sent = body as object;
          return { status: 201, body: from };
        },
      },
      operator,
    );
    expect(within(await screen.findByRole('row', { name: /pump-7/ })).getByText('Active')).toBeTruthy();
    await chooseInMenu('Edit…');
    expect(await screen.findByText('Locked from 192.0.2.7')).toBeTruthy();
    expect(screen.queryByText(/nobody gets in by this name/)).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Let user pump-7 try again from 192.0.2.7' }));
    await screen.findByText('Lifted: user pump-7 may try again from 192.0.2.7');
    expect(api.asked).toContain('DELETE /api/v1/users/u1/login-bans?address=192.0.2.7');
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByText('Locked again: user pump-7');
    expect(sent).toEqual({ address: '192.0.2.7', until: inAnHour });
  });

  test('everywhere says so in its drawer, and that the addresses cannot be told where they cannot', async () => {
    await open(
      '/access/users',
      {
        'GET /api/v1/users': pageOf(locked),
        'GET /api/v1/users/labels': noLabels,
        'GET /api/v1/users/u1': { body: locked },
        'GET /api/v1/users/u1/login-bans': problem(422, 'invalid-fields', 'Not now'),
      },
      operator,
    );
    await chooseInMenu('Edit…');
    expect(await screen.findByText(/nobody gets in by this name/)).toBeTruthy();
    expect(screen.getAllByText(/left, by ben: stolen$/)).toHaveLength(2);
    expect(await screen.findByText('Whether it is locked from some address cannot be told')).toBeTruthy();
  });
});

describe('many users', () => {
  const two = pageOf(aUser(), aUser({ id: 'u2', username: 'valve' }));

  test('are disabled together, and it can be taken back', async () => {
    const sent: unknown[] = [];
    await open('/access/users', {
      'GET /api/v1/users': two,
      'POST /api/v1/users/bulk': ({ body }) => {
        sent.push(body);
        return { body: { changed: 1, unchanged: 1, changedIds: ['u2'], problems: [] } };
      },
    });
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Select all users that are shown' }));
    expect(screen.getByText('2 selected')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Disable' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Taken back, users: 1')).toBeTruthy();
    expect(sent).toEqual([
      { action: 'disable', ids: ['u1', 'u2'] },
      { action: 'enable', ids: ['u2'] },
    ]);
  });

  test('that match the filter are changed without being shown, and are deleted only when their number is typed', async () => {
    const sent: unknown[] = [];
    await open('/access/users?label=north', {
      'GET /api/v1/users': { body: { ...two.body, next: 'more', total: 1204 } },
      'POST /api/v1/users/bulk': ({ body }) => {
        sent.push(body);
        return { body: { changed: 1204, unchanged: 0, changedIds: [], problems: [] } };
      },
    });
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Select pump-7' }));
    fireEvent.click(screen.getByRole('button', { name: 'Select all 1,204 that match' }));
    fireEvent.click(screen.getByRole('button', { name: 'Delete…' }));
    const confirm = await screen.findByRole<HTMLButtonElement>('button', { name: 'Delete users' });
    expect(confirm.disabled).toBe(true);
    fireEvent.change(screen.getByRole('textbox', { name: 'Type 1204 to confirm' }), { target: { value: '1204' } });
    fireEvent.click(confirm);
    expect(await screen.findByText('Users deleted: 1,204')).toBeTruthy();
    expect(sent).toEqual([{ action: 'delete', filter: { label: 'north' } }]);
  });

  test('cannot be selected by a viewer', async () => {
    await open('/access/users', { 'GET /api/v1/users': two }, aViewer);
    await screen.findByText('pump-7');
    expect(screen.queryByRole('checkbox')).toBeNull();
    expect(screen.getByRole('button', { name: 'Import…' }).getAttribute('aria-disabled')).toBe('true');
  });
});

describe('an import', () => {
  const result = { applied: false, rows: 3, created: 2, updated: 0, skipped: 0, failed: 1 };
  const problem = { row: 3, column: 'labels', message: 'must be short' };
  const preview = [{ row: 2, username: 'imp-1', outcome: 'create' as const }];
  const withProblems = { ...result, problems: [problem], problemCount: 1, preview };

  test('is tried first, says what is wrong where, and takes in the rest when it is told to', async () => {
    const sent: { skipErrors: boolean; dryRun?: boolean; content: string }[] = [];
    await open('/access/users?new=import', {
      'GET /api/v1/users': pageOf(),
      'POST /api/v1/users/import': ({ body }) => {
        sent.push(body as (typeof sent)[number]);
        return { body: { ...withProblems, applied: sent.at(-1)?.dryRun !== true } };
      },
    });
    await screen.findByRole('button', { name: 'Choose a file' });
    const content = 'username,password\nimp-1,let me in\n,\nimp-2,let me in\n';
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
    fireEvent.change(input, { target: { files: [new File([content], 'users.csv')] } });
    expect(await screen.findByText('2 to create, 0 to update, 0 to leave alone, 1 with errors')).toBeTruthy();
    expect(screen.getByText('must be short')).toBeTruthy();
    const apply = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Import (2)' });
    expect(apply().disabled).toBe(true);
    fireEvent.click(screen.getByRole('checkbox', { name: /leave out the others/ }));
    await waitFor(() => expect(apply().disabled).toBe(false));
    fireEvent.click(apply());
    expect(await screen.findByText('Users created: 2, updated: 0')).toBeTruthy();
    expect(sent.map(({ skipErrors, dryRun }) => [skipErrors, dryRun])).toEqual([
      [false, true],
      [true, true],
      [true, undefined],
    ]);
    expect(sent.at(-1)?.content).toBe(content.trimEnd());
  });

  test('that fails says why', async () => {
    await open('/access/users?new=import', {
      'GET /api/v1/users': pageOf(),
      'POST /api/v1/users/import': {
        status: 413,
        body: {
          title: 'The body is too large',
          status: 413,
          detail: 'Too large',
          code: 'too-large',
          instance: 'req-9',
        },
      },
    });
    await screen.findByRole('button', { name: 'Choose a file' });
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
    fireEvent.change(input, { target: { files: [new File(['username\n'], 'users.csv')] } });
    expect(await screen.findByText('req-9')).toBeTruthy();
  });
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

test('n opens the form of a new user', async () => {
  await open('/access/users', { 'GET /api/v1/users': pageOf(aUser()), 'GET /api/v1/users/labels': noLabels });
  await screen.findByText('pump-7');
  fireEvent.keyDown(document.body, { key: 'n' });
  expect(await screen.findByRole('dialog', { name: 'Create a user' })).toBeTruthy();
});
