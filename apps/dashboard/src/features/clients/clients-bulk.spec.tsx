import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPage, type Routes } from '../../testing/open-page.js';
import { needsTyping } from './bulk-dialog.js';
import { someFacts } from './testing/presence-factories.js';

type Page = Awaited<ReturnType<typeof openPage>>;
let page: Page | null = null;
beforeEach(() => localStorage.clear());
afterEach(() => {
  page?.close();
  vi.unstubAllGlobals();
});

const ids = ['pump-1', 'pump-2', 'pump-3', 'valve-1'];
const addresses: Record<string, string> = { 'pump-1': '10.0.0.1', 'pump-2': '10.0.1.1', 'pump-3': '::1' };
const clients = ids.map((clientId) => ({
  ...someFacts({ clientId, address: addresses[clientId] ?? null }),
  since: '2026-01-01T00:00:00Z',
  seq: 1,
}));

/** The list, and a server that knows who is subscribed to what. */
async function open(address: string, routes: Routes = {}, role: 'viewer' | 'operator' = 'operator'): Promise<Page> {
  page = await openPage(role, address, {
    'GET /clients': ({ search }) => {
      const isAll = !search.has('subscribedTo') && !search.has('banned') && !search.has('flapping');
      const items = search.get('subscribedTo') === 'hall/#' ? clients.slice(1, 2) : isAll ? clients : [];
      return { body: { items, next: null, seq: 10, online: 4, offline: 0 } };
    },
    ...routes,
  });
  return page;
}

const rowOf = async (clientId: string) => (await screen.findByText(clientId)).closest<HTMLElement>('[role="row"]')!;
const shown = () => ids.filter((id) => screen.queryByText(id) !== null);

test('clients are chosen by keyboard, one or a range, and kicked after a question that says how many are online', async () => {
  const server = await open('/clients', {
    'POST /clients/bulk': () => ({ body: { disconnected: 3, cleared: 0, unchanged: 0 } }),
  });
  const first = await rowOf('pump-1');
  act(() => first.focus());
  fireEvent.keyDown(first, { key: 'x' });
  fireEvent.keyDown(await rowOf('pump-3'), { key: 'X', shiftKey: true });
  const bar = within(await screen.findByRole('toolbar', { name: 'Actions on the chosen clients' }));
  expect(bar.getByText('3 chosen')).toBeTruthy();
  fireEvent.click(bar.getByRole('button', { name: 'Kick…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Kick 3 clients?' }));
  expect(dialog.getByText(/3 of them are online/)).toBeTruthy();
  // Three of four clients are more than a slip may hit.
  const submit = dialog.getByRole('button', { name: 'Kick clients' });
  expect((submit as HTMLButtonElement).disabled).toBe(true);
  fireEvent.change(dialog.getByLabelText(/Type 3/), { target: { value: '3' } });
  fireEvent.change(dialog.getByLabelText(/Reason/), { target: { value: 'cleaning' } });
  fireEvent.click(submit);
  await screen.findByText('3 clients were disconnected');
  expect(server.seen.find(({ route }) => route === 'POST /clients/bulk')?.body).toEqual({
    action: 'kick',
    clientIds: ['pump-1', 'pump-2', 'pump-3'],
    reason: 'cleaning',
  });
});

test('a key that follows another at once is meant for the row that the other went to', async () => {
  await open('/clients');
  const first = await rowOf('pump-1');
  act(() => first.focus());
  fireEvent.keyDown(first, { key: 'x' });
  fireEvent.keyDown(document.activeElement!, { key: 'j' });
  fireEvent.keyDown(document.activeElement!, { key: 'j' });
  expect(document.activeElement).toBe(await rowOf('pump-3'));
  fireEvent.keyDown(document.activeElement!, { key: 'X', shiftKey: true });
  expect(await screen.findByText('3 chosen')).toBeTruthy();
});

test('the number has to be typed above fifty clients, or above five percent of those that are online', () => {
  expect(needsTyping(50, 50, 10_000)).toBe(false);
  expect(needsTyping(51, 0, 10_000)).toBe(true);
  expect(needsTyping(6, 6, 100)).toBe(true);
  expect(needsTyping(5, 5, 100)).toBe(false);
  expect(needsTyping(1, 1, 1)).toBe(false);
});

test('banning many asks for how long', async () => {
  const server = await open('/clients', {
    'POST /bans/bulk': () => ({ body: { created: 1, existing: 0, disconnected: 1 } }),
  });
  fireEvent.click(within(await rowOf('valve-1')).getByRole('checkbox', { name: 'Choose valve-1' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Ban…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Ban 1 client ids?' }));
  fireEvent.change(dialog.getByLabelText('For how long'), { target: { value: 'forever' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Ban clients' }));
  await screen.findByText('1 client ids were banned');
  expect(server.seen.find(({ route }) => route === 'POST /bans/bulk')?.body).toEqual({
    clientIds: ['valve-1'],
    reason: '',
    until: null,
  });
});

test('a network narrows the list in the browser, a subscription on the server; the file is asked for the same', async () => {
  await open('/clients?address=10.0.0.0/16');
  await rowOf('pump-1');
  expect(shown()).toEqual(['pump-1', 'pump-2']);
  const file = screen.getByRole('link', { name: 'Export as CSV' });
  expect(file.getAttribute('href')).toBe('/api/v1/clients.csv?address=10.0.0.0%2F16');
  page?.close();
  await open('/clients?subscribedTo=hall/%23');
  await rowOf('pump-2');
  expect(shown()).toEqual(['pump-2']);
  fireEvent.click(screen.getByRole('button', { name: 'Remove the filter Subscribed to: hall/#' }));
  await waitFor(() => expect(shown()).toEqual(ids));
});

test('who cannot be found out is not shown as nobody', async () => {
  const failed = { status: 503, body: { status: 503, title: 'Away', detail: 'The database is away.' } };
  const list = { body: { items: clients, next: null, seq: 10, online: 4, offline: 0 } };
  await open('/clients?denied=true', { 'GET /clients': ({ search }) => (search.has('denied') ? failed : list) });
  expect(await screen.findByText('The database is away.')).toBeTruthy();
  expect(screen.queryByText(/No client matches/)).toBeNull();
});

test('a view is saved under a name and brings its filters back', async () => {
  const { history } = await open('/clients?address=10.0.0.0/16&sort=-since');
  await rowOf('pump-1');
  fireEvent.click(screen.getByRole('button', { name: 'Save view' }));
  const form = within(await screen.findByRole('dialog', { name: 'Save view' }));
  fireEvent.change(form.getByLabelText('Name of the view'), { target: { value: 'Hall 1' } });
  fireEvent.click(form.getByRole('button', { name: 'Save' }));
  fireEvent.click((await screen.findAllByText('Clear filters'))[0]!);
  await waitFor(() => expect(shown()).toEqual(ids));
  fireEvent.click(screen.getByRole('button', { name: 'Views' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Hall 1' }));
  await waitFor(() => expect(history.location.search).toContain('address=10.0.0.0'));
  expect(history.location.search).toContain('sort=-since');
});

test('a viewer may choose and copy, and is told why not more', async () => {
  await open('/clients', {}, 'viewer');
  fireEvent.click(within(await rowOf('pump-1')).getByRole('checkbox', { name: 'Choose pump-1' }));
  const ban = await screen.findByRole('button', { name: 'Ban…' });
  expect(ban.getAttribute('aria-disabled')).toBe('true');
  expect(screen.queryByRole('button', { name: 'Actions for pump-1' })).toBeNull();
});
