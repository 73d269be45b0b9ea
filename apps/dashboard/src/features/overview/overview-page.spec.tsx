import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Series, Stats, Traffic } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { openApp } from '../../testing/open-app.js';
import { perMinute, perSecond } from './series.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const stats = (fields: Partial<Stats> = {}): Stats => ({
  node: 'n1',
  version: '0.1.0',
  startedAt: new Date().toISOString(),
  clientsOnline: 3,
  clientsKnown: 8,
  subscriptions: 4,
  retained: 5,
  messagesReceived: 0,
  messagesSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
  waitingBytes: 0,
  durableSessions: 0,
  storedMessages: 0,
  storedBytes: 0,
  sessionsExpired: 0,
  dropped: 6,
  queueOverflows: 0,
  refused: 0,
  refusals: {},
  connects: 0,
  disconnects: 0,
  ...fields,
});

const series = (values: Record<string, (number | null)[]>, stepSeconds = 10): Series => ({
  from: '2030-01-01T00:00:00.000Z',
  to: '2030-01-01T00:15:00.000Z',
  stepSeconds,
  series: Object.entries(values).map(([key, known]) => {
    return { metric: key.replace(/\{.*/, ''), key, labelValue: null, values: known };
  }),
});

const refused = (action: string) => `perch_refused_actions_total{action="${action}"}`;
const traffic: Traffic = {
  at: '2030-01-01T00:00:00.000Z',
  windowSeconds: 300,
  talkers: [{ clientId: 'pump-7', username: 'joy', protocol: 'mqtt5', messagesIn: 1200, messagesOut: 3 }],
  slow: [],
  flapping: [{ clientId: 'pump-9', disconnects: 12 }],
};

const nobody = { body: { items: [], next: null, seq: 0, online: 0, offline: 0, gone: 0 } };
const nothingDenied = { body: { items: [], next: null, total: 0 } };

const revisions = {
  'GET /api/v1/clients': nobody,
  'GET /api/v1/refusals': nothingDenied,
  'GET /api/v1/users': { body: { items: [], next: null, total: 0 } },
  'GET /api/v1/policy/revisions': { body: { items: [], next: null } },
  'GET /api/v1/traffic': { body: traffic },
  'GET /api/v1/series': {
    body: series({
      [refused('publish')]: [9, null, 0.2, 0.4],
      [refused('connect')]: [0.1],
      perch_connects_total: [0.5, 0.7],
      perch_disconnects_total: [null, 2.4],
      perch_messages_received_total: [10, 10],
      perch_messages_sent_total: [1],
    }),
  },
};
const tile = (name: string) => screen.getByRole('region', { name }).textContent;

test('the tiles show what the server counted, and lead to the pages behind them', async () => {
  await open('/', { 'GET /api/v1/stats': { body: stats() }, ...revisions });
  await screen.findByText('of 8 known');
  expect(tile('Online')).toContain('3');
  await vi.waitFor(() => expect(tile('Connections per minute')).toContain('12 connects24 disconnects'));
  expect(tile('Messages per second')).toContain('10 in1 out');
  await screen.findByText('15 min');
  await vi.waitFor(() => expect(tile('Denied')).toBe('Denied96 in the last minute'));
  expect(tile('Failed sign-ins')).toContain('1 in the last minute');
  const link = within(screen.getByRole('region', { name: 'Online' })).getByRole('link');
  expect(link.getAttribute('href')).toBe('/clients?state=online');
});

test('numbers that are not known are dashes, never zeros, and the panel says why', async () => {
  const unknown = { ...revisions, 'GET /api/v1/series': problem(503, 'database-unavailable', 'Away') };
  await open('/', { 'GET /api/v1/stats': problem(400, 'bad-request', 'No statistics'), ...unknown });
  expect((await screen.findByRole('alert')).textContent).toContain('No statistics');
  expect(tile('Online')).toBe('Online- of - known');
  expect(tile('Denied')).toBe('Denied- in the last minute');
});

test('before the first device connects, the page shows how', async () => {
  const server = {
    version: '0',
    node: 'n',
    listeners: [{ name: 'mqtt', kind: 'mqtt', secure: false, host: '0.0.0.0', port: 1883, socket: null }],
    database: 'embedded',
    anonymous: true,
  };
  await open('/', {
    'GET /api/v1/stats': { body: stats({ clientsKnown: 0, clientsOnline: 0 }) },
    'GET /api/v1/server': { body: server },
    ...revisions,
  });
  expect(await screen.findByText('No device has connected yet')).toBeTruthy();
  expect(await screen.findByText(/mosquitto_pub -h localhost -p 1883 -i my-device -t/)).toBeTruthy();
});

test('the clients worth a look lead to their pages, and where there are none it is said', async () => {
  await open('/', { 'GET /api/v1/stats': { body: stats() }, ...revisions });
  const talkers = await screen.findByRole('table', { name: 'Top talkers' });
  expect(
    within(talkers)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  ).toEqual(['1,200', '3']);
  expect(within(talkers).getByRole('link').getAttribute('href')).toBe('/clients?c=pump-7');
  expect(screen.getByText('Every client keeps up with what it is sent.')).toBeTruthy();
  expect(screen.getByRole('table', { name: 'Flapping clients' }).textContent).toContain('pump-912');
});

test('pointing at one chart shows the same moment in all of them', async () => {
  const times = series({ perch_connects_total: [1, 2], perch_messages_received_total: [30, 40] });
  await open('/', { 'GET /api/v1/stats': { body: stats() }, ...revisions, 'GET /api/v1/series': { body: times } });
  const chart = await screen.findByRole('img', { name: /^Connections per minute/ });
  chart.getBoundingClientRect = () => ({ left: 0, width: 100 }) as DOMRect;
  fireEvent.pointerMove(chart, { clientX: 100 });
  await vi.waitFor(() => expect(tile('Connections per minute')).toContain('30 connects- disconnects'));
  expect(tile('Messages per second')).toContain('40 in- out');
  fireEvent.pointerLeave(chart);
  await vi.waitFor(() => expect(tile('Messages per second')).toContain('35 in- out'));
});

test('users whose time is over soon are listed, the first to end first', async () => {
  const user = (username: string, validUntil: string) => ({ id: username, username, validUntil });
  const items = [user('later', '2099-01-05T00:00:00Z'), user('sooner', '2099-01-02T00:00:00Z')];
  await open('/', {
    'GET /api/v1/stats': { body: stats() },
    ...revisions,
    'GET /api/v1/users': { body: { items, next: null, total: 12 } },
  });
  const table = await screen.findByRole('table', { name: 'Users that end soon' });
  const links = await within(table).findAllByRole('link');
  expect(links.map(({ textContent }) => textContent)).toEqual(['sooner', 'later']);
  expect(screen.getByText('10 more')).toBeTruthy();
});

test('a minute is counted of what is known of it, and not at all where nothing is', () => {
  expect(perMinute(series({ a: [5, 0.1, null, 0.3] }, 30), ['a'])).toBe(9);
  expect(perMinute(series({ a: [null, null] }), ['a'])).toBeNull();
  expect(perMinute(undefined, ['a'])).toBeNull();
});

test('a rate is of what is known of the last 15 seconds, and none where nothing is', () => {
  expect(perSecond(series({ a: [90, ...Array<number>(10).fill(1), ...Array<null>(3).fill(null), 5, 5] }, 1), 'a')).toBe(
    20 / 12,
  );
  expect(perSecond(series({ a: [null] }), 'a')).toBeNull();
  expect(perSecond(series({ a: [1] }, 120), 'a')).toBeNull();
  expect(perSecond(undefined, 'a')).toBeNull();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const aClient = (clientId: string, minutes: number, online: boolean) => ({
  clientId,
  online,
  hasSession: online,
  since: ago(minutes),
  seq: minutes,
  username: 'joy',
  address: '10.0.0.7',
  protocol: 'mqtt5',
  node: 'n1',
  reason: online ? null : 'connection-lost',
  connectedForMs: online ? null : 4_000,
});
const aRefusal = (fields: object) => ({
  key: JSON.stringify(fields),
  clientId: 'pump-3',
  address: '10.0.0.9',
  action: 'publish',
  topic: 'plant/secret',
  refusal: 'not-authorized',
  count: 1,
  lastAt: ago(2),
  ...fields,
});
const lines = async () => {
  await screen.findByText('pump-1');
  const items = within(screen.getByRole('region', { name: 'Now' })).getAllByRole('listitem');
  return items.map(({ textContent }) => textContent);
};

test('who came, went and was refused before the page was opened stands there at once, the last one first', async () => {
  const clients = [aClient('pump-1', 3, true), aClient('pump-2', 1, false)];
  const refusals = [
    aRefusal({ count: 12 }),
    aRefusal({ clientId: null, action: 'connect', topic: null, refusal: 'bad-credentials', lastAt: ago(4) }),
  ];
  await open('/', {
    'GET /api/v1/stats': { body: stats() },
    ...revisions,
    'GET /api/v1/clients': { body: { ...nobody.body, items: clients } },
    'GET /api/v1/refusals': { body: { ...nothingDenied.body, items: refusals } },
  });
  await screen.findByText('plant/secret');
  expect(await lines()).toEqual([
    'disconnectedpump-2after 4 s · Connection lost1 min. ago',
    'deniedpump-3publish plant/secret · 12 times2 min. ago',
    'connectedpump-1joy · 10.0.0.73 min. ago',
    'not let inno client idWrong user or password · 10.0.0.94 min. ago',
  ]);
});

test('of more clients than are asked for nobody knows who came last: the live feed tells', async () => {
  await open('/', {
    'GET /api/v1/stats': { body: stats() },
    ...revisions,
    'GET /api/v1/clients': { body: { ...nobody.body, items: [aClient('pump-1', 3, true)], next: 'more' } },
    'GET /api/v1/refusals': { body: { ...nothingDenied.body, items: [aRefusal({ clientId: 'pump-9' })] } },
  });
  await screen.findByText('plant/secret');
  expect(screen.queryByText('pump-1')).toBeNull();
});

test('where nothing could be asked, nobody says that nothing happened', async () => {
  await open('/', {
    'GET /api/v1/stats': { body: stats() },
    ...revisions,
    'GET /api/v1/clients': problem(400, 'bad-request', 'No clients'),
  });
  await screen.findByText('of 8 known');
  expect(screen.queryByText(/Nobody has come/)).toBeNull();
});
