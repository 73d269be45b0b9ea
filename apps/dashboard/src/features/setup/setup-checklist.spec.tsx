import { act, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answers } from '../../testing/api-server.js';
import { MemorySocket } from '../../testing/memory-socket.js';
import { anAdmin, openApp } from '../../testing/open-app.js';

let close = () => {};
beforeEach(() => {
  MemorySocket.opened = [];
  vi.stubGlobal('WebSocket', MemorySocket);
});
afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

const clients = (...items: object[]) => ({ body: { items, next: null, seq: 0, online: items.length, offline: 0 } });
const noStats = { version: '1', startedAt: '2026-01-01T00:00:00Z', refusals: {} };
const stats = (connects: number) => ({ body: { ...noStats, connects } });

async function open(answers: Answers) {
  const app = await openApp(
    '/',
    {
      'GET /api/v1/settings': { body: { items: [] } },
      'GET /api/v1/policy': { body: { rules: [], settings: { noMatch: 'deny' } } },
      'GET /api/v1/users': { body: { items: [], next: null, total: 0 } },
      'GET /api/v1/stats': stats(0),
      ...answers,
    },
    { ...anAdmin, permissions: [...anAdmin.permissions, 'settings:write'] },
  );
  close = app.close;
  return app;
}

const step = async (name: string) => {
  const list = await screen.findByRole('region', { name: 'Finish the set-up' });
  return within(list).getByText(name).closest<HTMLElement>('div')!.parentElement!;
};

test('the first client that connects ticks its step at once, without a reload', async () => {
  const { api } = await open({ 'GET /api/v1/clients': clients() });
  expect((await step('Connect a device')).textContent).toContain('Do it now');
  await vi.waitFor(() => expect(MemorySocket.opened.at(-1)?.filters).toContain('$SYS/broker/connection/clients/+'));
  api.change({ 'GET /api/v1/clients': clients({ clientId: 'pump-1' }) });
  const payload = JSON.stringify({ connected: true, clientId: 'pump-1', seq: 1 });
  act(() => MemorySocket.opened.at(-1)!.deliver({ topic: '$SYS/broker/connection/clients/pump-1', payload }));
  await vi.waitFor(async () => expect((await step('Connect a device')).textContent).toContain('done'));
});

test('a client that was here and is forgotten counts', async () => {
  await open({ 'GET /api/v1/clients': clients(), 'GET /api/v1/stats': stats(1) });
  expect((await step('Connect a device')).textContent).toContain('done');
});
