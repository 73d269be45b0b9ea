import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { problem } from '../../testing/api-server.js';
import { MemorySocket } from '../../testing/memory-socket.js';
import { openApp } from '../../testing/open-app.js';

const BAD_CREDENTIALS = 4401;
const signedOut = problem(401, 'sign-in-required', 'Sign in first');

let close = () => {};
beforeEach(() => {
  MemorySocket.opened = [];
  vi.stubGlobal('WebSocket', MemorySocket);
});
afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

/** A page that asks the server for nothing by itself. */
async function open() {
  const app = await openApp('/settings/api-keys', { 'GET /api/v1/api-keys': { body: { items: [] } } });
  close = app.close;
  await screen.findByText('No API keys');
  await screen.findByRole('button', { name: /^Live data: Live/ });
  return app;
}

const cut = () => act(() => MemorySocket.opened.at(-1)!.cut(BAD_CREDENTIALS));

test('a sign-in that is ended leads to the log-in page at once, and back from there', async () => {
  const { api, history } = await open();
  api.change({ 'GET /api/v1/auth/me': signedOut });
  cut();
  expect(await screen.findByRole('button', { name: 'Log in' })).toBeTruthy();
  expect(history.location.href).toBe('/login?to=%2Fsettings%2Fapi-keys');
});

test('a live connection that ends for another reason leaves the page as it is', async () => {
  await open();
  cut();
  await screen.findByRole('button', { name: /^Live data: Disconnected/ });
  expect(screen.getByText('No API keys')).toBeTruthy();
});
