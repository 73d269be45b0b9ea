import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

async function open(...[address, answers, operator]: Parameters<typeof openApp>) {
  const app = await openApp(address, { ...noInvitations, ...answers }, operator);
  close = app.close;
  return app;
}

const anOperator = (fields: Partial<Operator> = {}): Operator => ({
  id: 'o2',
  name: 'ben',
  role: 'operator',
  disabled: false,
  secondFactor: false,
  createdAt: '2026-01-01T00:00:00Z',
  lastLoginAt: null,
  ...fields,
});

const noInvitations = { 'GET /api/v1/invitations': { body: { items: [] } } };

const self = anOperator({ id: anAdmin.id, name: anAdmin.name, role: 'admin' });

test('the last active admin can be given a password, but not another role, a pause or an end', async () => {
  const disabledAdmin = anOperator({ id: 'o3', name: 'old', role: 'admin', disabled: true });
  await open('/settings/operators', { 'GET /api/v1/operators': { body: { items: [self, disabledAdmin] } } });
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for ana' }));
  const isDisabled = (name: string) => screen.getByRole<HTMLButtonElement>('menuitem', { name }).disabled;
  expect(['Change role…', 'Disable', 'Delete…'].map(isDisabled)).toEqual([true, true, true]);
  expect(isDisabled('Set a password…')).toBe(false);
});

test('disabling happens at once and can be taken back', async () => {
  const patches: unknown[] = [];
  await open('/settings/operators', {
    'GET /api/v1/operators': { body: { items: [self, anOperator()] } },
    'PATCH /api/v1/operators/o2': ({ body }) => {
      patches.push(body);
      return { body: anOperator() };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for ben' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Disable' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(await screen.findByText('ben may log in again')).toBeTruthy();
  expect(patches).toEqual([{ disabled: true }, { disabled: false }]);
});

test('a failed read says why and can be tried again', async () => {
  const { api } = await open('/settings/operators', { 'GET /api/v1/operators': problem(400, 'bad-request', 'Broken') });
  await screen.findByRole('alert');
  api.change({ 'GET /api/v1/operators': { body: { items: [self] } } });
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText(/You are the only operator/)).toBeTruthy();
});

test('a viewer sees which permission the page needs', async () => {
  const { api } = await open('/settings/operators', {}, aViewer);
  expect(await screen.findByText(/lacks the permission operators:read/)).toBeTruthy();
  expect(api.asked).not.toContain('GET /api/v1/operators');
});

test('an invitation gives a link, this one time, and is withdrawn from the list', async () => {
  const invitation = {
    id: 'i1',
    name: 'zoe',
    role: 'viewer',
    createdBy: 'ana',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-02T00:00:00Z',
  };
  const { api } = await open('/settings/operators', {
    'GET /api/v1/operators': { body: { items: [self] } },
    'POST /api/v1/invitations': { status: 201, body: { invitation, path: '/join#the-token' } },
    'DELETE /api/v1/invitations/i1': { status: 204 },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Invite operator' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'zoe' } });
  api.change({ 'GET /api/v1/invitations': { body: { items: [invitation] } } });
  fireEvent.click(screen.getByRole('button', { name: 'Make the link' }));
  expect(await screen.findByText(/\/join#the-token$/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Done' }));
  api.change(noInvitations);
  fireEvent.click(await screen.findByRole('button', { name: 'Withdraw the invitation of zoe' }));
  expect(await screen.findByText('The invitation of zoe opens nothing any more')).toBeTruthy();
});
