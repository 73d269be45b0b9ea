import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { BridgeStatus } from '../../shared/api/generated/types.gen.js';
import { type Answers, problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const admin = { ...anAdmin, permissions: [...anAdmin.permissions, 'settings:read', 'settings:write'] };
const viewer = { ...aViewer, permissions: [...aViewer.permissions, 'settings:read'] };

const aBridge = (parts: Partial<BridgeStatus> = {}): BridgeStatus => ({
  name: 'audit',
  kind: 'webhook',
  events: ['connect', 'publish'],
  topics: ['plant/#'],
  payloadBytes: 16_384,
  target: 'https://events.example.org',
  state: 'working',
  circuit: 'closed',
  queued: 12,
  queuedBytes: 3_000,
  queueEvents: 10_000,
  sent: 4_321,
  failed: 3,
  dropped: 2,
  deadLettered: 1,
  deadLetterFile: '/var/perch/audit-dead.csv',
  lastError: null,
  ...parts,
});

const settings = { items: [{ key: 'bridges', place: 'perch.config.json' }] };

async function open(answers: Answers, operator = admin) {
  const app = await openApp('/settings/bridges', { 'GET /api/v1/settings': { body: settings }, ...answers }, operator);
  close = app.close;
}

const list = (...items: BridgeStatus[]): Answers => ({ 'GET /api/v1/bridges': { body: { items } } });
const panel = (name: string) => screen.findByRole('region', { name });

test('each bridge tells what it hands on where, what arrived, what waits and what was lost', async () => {
  await open(list(aBridge(), aBridge({ name: 'log', kind: 'csv', events: ['connect'], payloadBytes: 0 })));
  const audit = await panel('audit');
  expect(within(audit).getByText('Up')).toBeTruthy();
  const facts = within(audit)
    .getAllByRole('definition')
    .map(({ textContent }) => textContent);
  expect(facts).toEqual([
    'https://events.example.org',
    'connect, publish',
    'plant/#',
    'The first 16.4 kB of each',
    '4,321',
    '12 of 10,000',
    '3',
    '2',
    '1',
    '/var/perch/audit-dead.csv',
  ]);
  expect(within(await panel('log')).getByText('Stay here')).toBeTruthy();
  expect(await screen.findByText(/set in perch.config.json/)).toBeTruthy();
});

test('one that fails says so, why, and since when', async () => {
  const at = new Date(Date.now() - 180_000).toISOString();
  await open(list(aBridge({ state: 'failing', circuit: 'open', lastError: { problem: 'It answered 500.', at } })));
  const audit = await panel('audit');
  expect(within(audit).getByText('Failing')).toBeTruthy();
  expect(within(audit).getByRole('alert').textContent).toBe('Last error 3 min. ago: It answered 500.');
  expect(within(audit).getByText(/left alone/)).toBeTruthy();
});

test('a test event says what the receiver answered; who may not send one is told why', async () => {
  const result = { arrived: false, said: 'It answered 422.', body: '<b>no such field</b>', ms: 12 };
  await open({ ...list(aBridge()), 'POST /api/v1/bridges/audit/test': { body: result } });
  fireEvent.click(await screen.findByRole('button', { name: 'Send a test event over audit' }));
  expect(await screen.findByText('The test event did not arrive (12 ms)')).toBeTruthy();
  expect(screen.getByText('It answered 422.')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'What audit answered' }).textContent).toBe('<b>no such field</b>');
  close();
  await open(list(aBridge()), viewer);
  const button = await screen.findByRole('button', { name: 'Send a test event over audit' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
});

test('without a bridge the page says how to make one; what cannot be read says so', async () => {
  await open(list());
  expect(await screen.findByText('There is no bridge')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy example' })).toBeTruthy();
  close();
  await open({ 'GET /api/v1/bridges': problem(503, 'unavailable', 'Not available right now') });
  expect((await screen.findByRole('alert')).textContent).toContain('Not available right now');
});
