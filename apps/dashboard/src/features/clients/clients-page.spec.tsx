import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { openPage, type Routes } from '../../testing/open-page.js';
import { anEvent, someFacts, wirePayload } from './testing/presence-factories.js';

type Page = Awaited<ReturnType<typeof openPage>>;
let page: Page | null = null;
afterEach(() => {
  page?.close();
  vi.unstubAllGlobals();
});

async function open(role: 'viewer' | 'operator', routes: Routes, address = '/clients'): Promise<Page> {
  page = await openPage(role, address, routes);
  return page;
}

const listOf = (...ids: string[]): Routes[string] => {
  const items = ids.map((clientId) => ({ ...someFacts({ clientId }), since: '2026-01-01T00:00:00Z', seq: 1 }));
  return () => ({ body: { items, next: null, seq: 10, online: items.length, offline: 0, gone: 0 } });
};
const detailOf = (clientId: string) => () => ({
  body: { ...someFacts({ clientId }), since: '2026-01-01T00:00:00Z', seq: 1, session: null },
});
const announce = (server: Page, ...events: ReturnType<typeof anEvent>[]) =>
  act(() =>
    server.socket().deliver(
      ...events.map((event) => ({
        topic: `$SYS/broker/connection/clients/${event.clientId}`,
        payload: wirePayload(event),
      })),
    ),
  );
const rowOf = async (clientId: string) => (await screen.findByText(clientId)).closest<HTMLElement>('[role="row"]')!;

test('a client that disconnects is shown offline in its place', async () => {
  const server = await open('operator', { 'GET /clients': listOf('pump-1', 'pump-2') }, '/clients');
  const row = await rowOf('pump-1');
  expect(within(row).getByText('Online')).toBeTruthy();
  announce(server, anEvent({ clientId: 'pump-1', online: false, seq: 11, reason: 'keep-alive-timeout' }));
  await waitFor(() => expect(within(row).getByText('Offline')).toBeTruthy());
  expect(within(row).getByText('Silent for too long')).toBeTruthy();
});

test('a client without a session is gone, also when the session that was kept for it ends later', async () => {
  const server = await open('operator', { 'GET /clients': listOf('pump-1', 'pump-2') }, '/clients');
  const row = await rowOf('pump-1');
  const counters = () => document.querySelector('main dl')?.textContent;
  announce(server, anEvent({ clientId: 'pump-1', online: false, hasSession: true, seq: 11 }));
  await waitFor(() => expect(counters()).toBe('Online1Offline1Gone0'));
  announce(server, anEvent({ clientId: 'pump-1', online: false, hasSession: false, seq: 12 }));
  await waitFor(() => expect(within(row).getByText('Gone')).toBeTruthy());
  expect(counters()).toBe('Online1Offline0Gone1');
});

test('a client that connects appears by itself while nobody touches the list', async () => {
  const server = await open('operator', { 'GET /clients': listOf('pump-1') }, '/clients');
  await rowOf('pump-1');
  announce(server, anEvent({ clientId: 'pump-9', seq: 11 }));
  expect(await rowOf('pump-9')).toBeTruthy();
});

test('the order is frozen while somebody points at the list, and moves on "."', async () => {
  const server = await open('operator', { 'GET /clients': listOf('pump-1') }, '/clients');
  await rowOf('pump-1');
  fireEvent.pointerEnter(screen.getByRole('grid'));
  announce(server, anEvent({ clientId: 'pump-9', seq: 11 }));
  expect(await screen.findByText(/1 new/)).toBeTruthy();
  expect(screen.queryByText('pump-9')).toBeNull();
  fireEvent.keyDown(document.body, { key: '.' });
  expect(await rowOf('pump-9')).toBeTruthy();
});

test('a time that is chosen in the chart of comings and goings narrows the list, until it is taken away', async () => {
  const values = [0, 1, 2, 0];
  const body = {
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:00:40.000Z',
    stepSeconds: 10,
    series: [{ metric: 'perch_connects_total', key: 'perch_connects_total', labelValue: null, values }],
  };
  const routes = { 'GET /clients': listOf('pump-1'), 'GET /series': () => ({ body }) };
  const { history } = await open('operator', routes, '/clients');
  await rowOf('pump-1');
  const chart = await screen.findByRole('group', { name: /^Connects and disconnects/ });
  fireEvent.keyDown(chart, { key: 'ArrowLeft' });
  expect(screen.getByText(/: 20 came, - went$/)).toBeTruthy();
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'Enter' });
  await screen.findByText('No client matches this filter');
  expect(history.location.search).toContain('from=2026-01-01T00');
  fireEvent.click(screen.getByRole('button', { name: /^Remove.*Came or went/ }));
  expect(await rowOf('pump-1')).toBeTruthy();
});

test('no client ever: says how to connect one', async () => {
  await open('operator', { 'GET /clients': listOf() }, '/clients');
  expect(await screen.findByText('No client has connected yet')).toBeTruthy();
});

test('no match: says so and clears the filters', async () => {
  await open('operator', { 'GET /clients': listOf('pump-1') }, '/clients?q=valve');
  expect(await screen.findByText('No client matches this filter')).toBeTruthy();
  fireEvent.click(screen.getAllByText('Clear filters')[0]!);
  expect(await rowOf('pump-1')).toBeTruthy();
});

test('a list that cannot be fetched says why and can be tried again', async () => {
  const server = await open(
    'operator',
    {
      'GET /clients': () => ({ status: 500, body: { title: 'Broken', detail: 'The database is away', status: 500 } }),
    },
    '/clients',
  );
  expect(await screen.findByText('The database is away')).toBeTruthy();
  server.routes['GET /clients'] = listOf('pump-1');
  fireEvent.click(screen.getByText('Retry'));
  expect(await rowOf('pump-1')).toBeTruthy();
});

test('what a session has on its hands stands in its row, and “-” where that is not known', async () => {
  const counts = { subscriptions: 3, inFlight: 2, queued: 12_000, messagesIn: 7, messagesOut: 9 };
  const load = { clientId: 'pump-1', connectedAt: '2026-01-01T00:00:00Z', ...counts };
  const server = await open(
    'viewer',
    {
      'GET /clients': listOf('pump-1', 'pump-2'),
      'POST /clients/loads': () => ({ body: { at: '2026-01-01T00:10:00Z', items: [load] } }),
    },
    '/clients',
  );
  const row = await rowOf('pump-1');
  expect(await within(row).findByText('2 / 12K')).toBeTruthy();
  const cells = (of: HTMLElement) =>
    ['subscriptions', 'inFlight', 'rate'].map((key) => of.querySelector(`[data-col="${key}"]`)?.textContent);
  expect(cells(row)).toEqual(['3', '2 / 12K', '-']);
  expect(cells(await rowOf('pump-2'))).toEqual(['-', '-', '-']);
  // Those that are painted, and nobody else.
  const asked = () => server.seen.filter(({ route }) => route === 'POST /clients/loads').map(({ body }) => body);
  await waitFor(() => expect(asked()).toContainEqual({ clientIds: ['pump-1', 'pump-2'] }));
});

test('the list is sorted by what sessions hold, those with most first, and says so when that cannot be known', async () => {
  const ranks = { at: '2026-01-01T00:10:00Z', clientIds: ['pump-2'], values: [4] };
  const server = await open(
    'viewer',
    {
      'GET /clients': listOf('pump-1', 'pump-2', 'pump-3'),
      'POST /clients/ranks': () => ({ body: ranks }),
    },
    '/clients',
  );
  await rowOf('pump-1');
  fireEvent.click(screen.getByRole('button', { name: /^In flight, queued/ }));
  await waitFor(() => expect(server.history.location.search).toContain('sort=-inFlight'));
  const ids = () =>
    [...document.querySelectorAll('[data-col="clientId"][role="gridcell"]')].map((c) => c.textContent?.slice(0, 6));
  await waitFor(() => expect(ids()).toEqual(['pump-2', 'pump-1', 'pump-3']));
  server.routes['POST /clients/ranks'] = () => ({
    status: 500,
    body: { title: 'Broken', detail: 'No ranks', status: 500 },
  });
  fireEvent.click(screen.getByRole('button', { name: /^Subscriptions/ }));
  expect(await screen.findByText('No ranks')).toBeTruthy();
});

test('a viewer cannot kick, and is told which permission is missing', async () => {
  const server = await open(
    'viewer',
    { 'GET /clients': listOf('pump-1'), 'GET /clients/pump-1': detailOf('pump-1') },
    '/clients?c=pump-1',
  );
  const kick = await screen.findByRole('button', { name: 'Kick' });
  expect(kick.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(kick);
  fireEvent.focus(kick);
  expect(await screen.findByText(/clients:write/)).toBeTruthy();
  expect(server.seen.filter(({ route }) => route.startsWith('POST'))).toEqual([]);
});

test('banning leads to the form, filled in with what is known of the client', async () => {
  const routes = {
    'GET /clients': listOf('pump-1'),
    'GET /clients/pump-1': detailOf('pump-1'),
    'GET /bans': () => ({ body: { items: [], next: null, total: 0 } }),
  };
  const { history } = await open('operator', routes, '/clients?c=pump-1');
  fireEvent.click(await screen.findByRole('button', { name: 'Ban' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Client id pump-1' }));
  expect(await screen.findByRole('dialog', { name: 'Add a ban' })).toBeTruthy();
  expect(`${history.location.pathname}${history.location.search}`).toBe('/access/bans?new=clientid&value=pump-1');
});

test('the messages of a client are watched on the topics page, by whoever may read them', async () => {
  const routes = { 'GET /clients': listOf('pump-1'), 'GET /clients/pump-1': detailOf('pump-1') };
  await open('operator', routes, '/clients?c=pump-1');
  const link = await screen.findByRole('link', { name: 'Tail messages' });
  expect(link.getAttribute('href')).toBe('/topics?tab=tail&client=pump-1');
});

test('a viewer cannot ban', async () => {
  const routes = { 'GET /clients': listOf('pump-1'), 'GET /clients/pump-1': detailOf('pump-1') };
  await open('viewer', routes, '/clients?c=pump-1');
  expect(screen.queryByRole('link', { name: 'Tail messages' })).toBeNull();
  const ban = await screen.findByRole('button', { name: 'Ban' });
  expect(ban.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(ban);
  expect(screen.queryByRole('menuitem')).toBeNull();
});

const kicksIn = ({ seen }: Page) => seen.filter(({ route }) => route.endsWith('/kick')).map(({ body }) => body);

test('kicking asks first, names the client, and then does it', async () => {
  const server = await open(
    'operator',
    {
      'GET /clients': listOf('pump-1'),
      'GET /clients/pump-1': detailOf('pump-1'),
      'POST /clients/pump-1/kick': () => ({ status: 204 }),
    },
    '/clients?c=pump-1',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Kick' }));
  expect(await screen.findByText('Kick pump-1?')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Kick client' }));
  await waitFor(() => expect(kicksIn(server)).toEqual([{}]));
  expect(await screen.findByText('pump-1 was disconnected')).toBeTruthy();
});

test('a kick says in MQTT 5 what the operator chooses, and the next one the usual thing again', async () => {
  const routes = {
    'GET /clients': listOf('pump-1'),
    'GET /clients/pump-1': detailOf('pump-1'),
    'POST /clients/pump-1/kick': () => ({ status: 204 }),
  };
  const server = await open('operator', routes, '/clients?c=pump-1');
  fireEvent.click(await screen.findByRole('button', { name: 'Kick' }));
  const code = () => screen.findByLabelText<HTMLSelectElement>(/^Reason code/);
  expect((await code()).selectedOptions[0]?.text).toBe('Administrative action (0x98)');
  fireEvent.change(await code(), { target: { value: String(0x9d) } });
  expect((await code()).selectedOptions[0]?.text).toBe('Server moved (0x9D)');
  fireEvent.click(screen.getByRole('button', { name: 'Kick client' }));
  await waitFor(() => expect(kicksIn(server)).toEqual([{ reasonCode: 0x9d }]));
  await screen.findByText('pump-1 was disconnected');
  fireEvent.click(await screen.findByRole('button', { name: 'Kick' }));
  expect((await code()).value).toBe(String(0x98));
});

test('a client that flaps is marked with a word, and with how often it went, in its row and in its drawer', async () => {
  const flaps = { flaps: 17, flapping: true };
  const items = ['pump-1', 'pump-2'].map((clientId) => ({
    ...detailOf(clientId)().body,
    ...(clientId === 'pump-1' && flaps),
  }));
  const server = await open(
    'viewer',
    {
      'GET /clients': () => ({ body: { items, next: null, seq: 10, online: 2, offline: 0 } }),
      'GET /clients/pump-1': () => ({ body: { ...detailOf('pump-1')().body, ...flaps } }),
    },
    '/clients',
  );
  const row = await rowOf('pump-1');
  expect(await within(row).findByText('Flapping')).toBeTruthy();
  expect(within(row).getByTitle('Disconnected 17 times in the last ten minutes')).toBeTruthy();
  expect(within(await rowOf('pump-2')).queryByText('Flapping')).toBeNull();
  announce(server, anEvent({ clientId: 'pump-1', online: false, seq: 11, reason: 'connection-lost' }));
  expect(await within(row).findByText('Offline')).toBeTruthy();
  expect(within(row).getByText('Flapping')).toBeTruthy();
  fireEvent.click(row);
  expect(await within(await screen.findByRole('dialog')).findByText('Flapping')).toBeTruthy();
});
