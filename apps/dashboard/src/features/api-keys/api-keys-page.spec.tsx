import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { ApiKey } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const aKey = (fields: Partial<ApiKey> = {}): ApiKey => ({
  id: '0123456789ab',
  name: 'deploy',
  role: 'operator',
  createdBy: 'ana',
  createdAt: '2026-01-01T00:00:00Z',
  rotatedAt: null,
  previousValidUntil: null,
  expiresAt: null,
  lastUsedAt: null,
  lastUsedFrom: null,
  ...fields,
});

const list = (...items: ApiKey[]) => ({ 'GET /api/v1/api-keys': { body: { items } } });
const secret = 'perch_0123456789ab_the-secret';

test('a new key is shown once, and is gone with its form', async () => {
  const sent: unknown[] = [];
  await open('/settings/api-keys', {
    ...list(),
    'POST /api/v1/api-keys': ({ body }) => {
      sent.push(body);
      return { status: 201, body: { key: aKey(), secret } };
    },
  });
  await screen.findByText('No API keys');
  fireEvent.click(screen.getAllByRole('button', { name: 'Create API key' })[0]!);
  const form = await screen.findByRole('dialog', { name: 'Create an API key' });
  fireEvent.change(within(form).getByLabelText('Name'), { target: { value: ' deploy ' } });
  fireEvent.change(within(form).getByLabelText('Expires'), { target: { value: 'never' } });
  fireEvent.click(within(form).getByRole('button', { name: 'Create API key' }));
  expect(await within(form).findByText(secret)).toBeTruthy();
  expect(sent).toEqual([{ name: 'deploy', role: 'viewer', expiresAt: null }]);
  fireEvent.click(within(form).getByRole('button', { name: 'Done' }));
  fireEvent.click(screen.getAllByRole('button', { name: 'Create API key' })[0]!);
  expect(await screen.findByLabelText('Name')).toBeTruthy();
  expect(document.body.textContent).not.toContain(secret);
});

test('a key says whether it opens, until when, and when it was used', async () => {
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  await open('/settings/api-keys', {
    ...list(
      aKey(),
      aKey({ id: 'b', name: 'old', expiresAt: '2020-01-01T00:00:00Z' }),
      aKey({ id: 'c', name: 'ending', expiresAt: soon, lastUsedAt: '2026-01-01T00:00:00Z', lastUsedFrom: '10.0.0.9' }),
      aKey({ id: 'd', name: 'turning', previousValidUntil: soon }),
    ),
  });
  const rowOf = async (name: string) => (await screen.findByRole('row', { name: new RegExp(name) })).textContent;
  expect(await rowOf('deploy')).toMatch(/Active.*never used.*never/);
  expect(await rowOf('old')).toContain('Expired');
  expect(await rowOf('ending')).toMatch(/Expires soon.*from 10\.0\.0\.9/);
  expect(await rowOf('turning')).toContain('Old secret still opens');
});

test('a rotation says how long the old secret opens, and shows the new one', async () => {
  const sent: unknown[] = [];
  await open('/settings/api-keys', {
    ...list(aKey()),
    'POST /api/v1/api-keys/0123456789ab/rotate': ({ body }) => {
      sent.push(body);
      return { body: { key: aKey(), secret } };
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for deploy' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Rotate…' }));
  fireEvent.change(await screen.findByLabelText('The old secret opens'), { target: { value: '1440' } });
  fireEvent.click(screen.getByRole('button', { name: 'Rotate key' }));
  expect(await screen.findByText(secret)).toBeTruthy();
  expect(sent).toEqual([{ keepOldMinutes: 1440 }]);
});

test('a key is revoked after its name was said', async () => {
  const { api } = await open('/settings/api-keys', {
    ...list(aKey()),
    'DELETE /api/v1/api-keys/0123456789ab': { status: 204 },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for deploy' }));
  expect(screen.getByRole('menuitem', { name: 'History in audit' }).getAttribute('href')).toBe(
    '/audit?object=api-key%2Fdeploy&match=exact',
  );
  fireEvent.click(screen.getByRole('menuitem', { name: 'Revoke…' }));
  await screen.findByRole('dialog', { name: 'Revoke deploy?' });
  api.change(list());
  fireEvent.click(screen.getByRole('button', { name: 'Revoke key' }));
  expect(await screen.findByText('The key deploy was revoked')).toBeTruthy();
  expect(await screen.findByText('No API keys')).toBeTruthy();
});

test('a taken name is said at its field, and what was typed stays', async () => {
  const taken = problem(409, 'name-taken', 'Taken', { errors: [{ path: 'name', message: 'is taken' }] });
  await open('/settings/api-keys', { ...list(aKey()), 'POST /api/v1/api-keys': taken });
  fireEvent.click(await screen.findByRole('button', { name: 'Create API key' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'deploy' } });
  fireEvent.click(
    within(screen.getByRole('dialog', { name: 'Create an API key' })).getByRole('button', { name: 'Create API key' }),
  );
  expect(await screen.findByText('is taken')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('deploy');
});

test('a failed read says why; a viewer sees which permission the page needs', async () => {
  await open('/settings/api-keys', { 'GET /api/v1/api-keys': problem(400, 'bad-request', 'Broken') });
  expect((await screen.findByRole('alert')).textContent).toContain('Broken');
  close();
  const { api } = await open('/settings/api-keys', {}, aViewer);
  expect(await screen.findByText(/lacks the permission api-keys:read/)).toBeTruthy();
  expect(api.asked).not.toContain('GET /api/v1/api-keys');
});
