import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { anAdmin, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const open = async (me: typeof anAdmin) => {
  const app = await openApp('/settings/api-keys', { 'GET /api/v1/api-keys': { body: { items: [] } } }, me);
  close = app.close;
  return app;
};

test('two minutes before a sign-in ends one is asked, and stays by an answer of the server', async () => {
  const { api } = await open({ ...anAdmin, secondsLeft: 90 });
  expect(await screen.findByText(/You will be logged out in 1 min/)).toBeTruthy();
  api.change({ 'GET /api/v1/auth/me': { body: anAdmin } });
  fireEvent.click(screen.getByRole('button', { name: 'Stay signed in' }));
  await waitFor(() => expect(screen.queryByText(/You will be logged out/)).toBeNull());
});

test('a sign-in that ends in any case says so, and nothing promises to stay', async () => {
  await open({ ...anAdmin, secondsLeft: 60, mayStay: false });
  expect(await screen.findByText(/because it began a week ago/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Stay signed in' })).toBeNull();
});

test('with time left, or an end that is not known, nobody is asked', async () => {
  await open(anAdmin);
  await screen.findByText('No API keys');
  expect(screen.queryByText(/logged out in/)).toBeNull();
});
