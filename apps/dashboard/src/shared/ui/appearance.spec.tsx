import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => {
  close();
  localStorage.clear();
});

async function open(address: string, answers: Parameters<typeof openApp>[1]) {
  const app = await openApp(address, answers);
  close = app.close;
}

const root = document.documentElement;
const sessions = { 'GET /api/v1/account/sessions': { body: { items: [] } } };

test('rows stand as close as one wants, here and whenever one comes back', async () => {
  await open('/account', sessions);
  const compact = await screen.findByRole('radio', { name: 'Compact' });
  expect(root.dataset['density']).toBe('normal');
  fireEvent.click(compact);
  expect(root.dataset['density']).toBe('compact');
  close();
  await open('/account', sessions);
  expect((await screen.findByRole<HTMLInputElement>('radio', { name: 'Compact' })).checked).toBe(true);
  expect(root.dataset['density']).toBe('compact');
});

test('whoever wants nothing to move says so, and a choice that nobody knows counts as none', async () => {
  localStorage.setItem('perch-density', '"tiny"');
  await open('/account', sessions);
  const still = await screen.findByRole('switch', { name: /^Nothing moves/ });
  expect(root.dataset['density']).toBe('normal');
  expect(root.dataset['still']).toBe('false');
  fireEvent.click(still);
  expect(root.dataset['still']).toBe('true');
});
