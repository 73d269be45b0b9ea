import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { AuditEntry } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const anEntry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'a1',
  at: '2026-01-01T00:00:00Z',
  operator: 'ana',
  action: 'users.update',
  object: 'user/pump-7',
  result: 'done',
  address: '127.0.0.1',
  requestId: 'req-9',
  before: { note: 'old', disabled: false },
  after: { note: 'new', disabled: false },
  reason: null,
  hash: 'ab12',
  ...fields,
});

test('without any entry the page says what will appear', async () => {
  await open('/audit', { 'GET /api/v1/audit': { body: { items: [], next: null } } });
  expect(await screen.findByText('Nothing has been changed yet')).toBeTruthy();
});

test('a filter without a match can be cleared', async () => {
  const { history } = await open('/audit?operator=zoe', { 'GET /api/v1/audit': { body: { items: [], next: null } } });
  fireEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  await waitFor(() => expect(history.location.search).toBe(''));
});

test('a failed read says why', async () => {
  await open('/audit', { 'GET /api/v1/audit': problem(400, 'bad-request', 'No such page') });
  expect((await screen.findByRole('alert')).textContent).toContain('No such page');
});

test('more entries are read by key, after those that are shown', async () => {
  const { api } = await open('/audit?result=done', {
    'GET /api/v1/audit': ({ search }) =>
      search.get('after') === 'k2'
        ? { body: { items: [anEntry({ id: 'a2', object: 'user/older' })], next: null } }
        : { body: { items: [anEntry()], next: 'k2' } },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Load more' }));
  expect(await screen.findByText('user/older')).toBeTruthy();
  expect(screen.getByText('user/pump-7')).toBeTruthy();
  expect(api.asked.at(-1)).toContain('after=k2');
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
});

test('an entry in the address is open, and shows what was removed and what was added', async () => {
  await open('/audit?entry=a1', { 'GET /api/v1/audit': { body: { items: [anEntry()], next: null } } });
  const diff = await screen.findByRole('region', { name: 'Changes' });
  const lines = within(diff)
    .getAllByText(/note/)
    .map((line) => line.parentElement?.textContent);
  expect(lines).toEqual(['−removed  "note": "old",', '+added  "note": "new",']);
});

const noEntries = { 'GET /api/v1/audit': { body: { items: [], next: null } } };

test('the export is what the filter shows', async () => {
  await open('/audit?operator=zoe&result=refused', noEntries);
  fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
  const address = new URL(screen.getByRole<HTMLAnchorElement>('menuitem', { name: 'CSV' }).href);
  expect(address.pathname).toBe('/api/v1/audit/export');
  expect(Object.fromEntries(address.searchParams)).toEqual({ format: 'csv', operator: 'zoe', result: 'refused' });
});

test('a log that holds says so with its last hash, one that was changed where', async () => {
  const { api } = await open('/audit', {
    ...noEntries,
    'GET /api/v1/audit/verify': { body: { isIntact: true, entries: 1204, head: 'ab12cd', brokenAt: null } },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Verify' }));
  expect((await screen.findByText('ab12cd')).closest('[role=status]')?.textContent).toContain('1,204 entries');
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  const brokenAt = { id: '77', at: '2026-01-01T00:00:00Z' };
  api.change({ 'GET /api/v1/audit/verify': { body: { isIntact: false, entries: 76, head: 'ab', brokenAt } } });
  fireEvent.click(screen.getByRole('button', { name: 'Verify' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Entry 77');
});
