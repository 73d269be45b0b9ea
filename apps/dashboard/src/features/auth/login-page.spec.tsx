import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { problem } from '../../testing/api-server.js';
import { anAdmin, openApp } from '../../testing/open-app.js';
import { loginSearch } from './search.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

async function logIn(password: string) {
  fireEvent.change(await screen.findByLabelText('Operator'), { target: { value: 'ana' } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } });
  fireEvent.click(screen.getByRole('button', { name: 'Log in' }));
}

test('whoever is not signed in logs in and is back where they wanted to be', async () => {
  const { api, history } = await open(
    '/audit?result=refused',
    {
      'POST /api/v1/auth/login': { body: anAdmin },
      'GET /api/v1/audit': { body: { items: [], next: null } },
    },
    null,
  );
  await screen.findByRole('heading', { name: 'Log in' });
  expect(new URLSearchParams(history.location.search).get('to')).toBe('/audit?result=refused');
  api.change({ 'GET /api/v1/auth/me': { body: anAdmin } });
  await logIn('right');
  await waitFor(() => expect(history.location.href).toBe('/audit?result=refused'));
});

test('a refused log-in does not say which part was wrong', async () => {
  await open('/login', { 'POST /api/v1/auth/login': problem(401, 'bad-credentials', 'No operator ana') }, null);
  await logIn('wrong');
  expect((await screen.findByRole('alert')).textContent).toBe('The name or the password is wrong.');
});

test('who has a second factor is asked for its code after the password', async () => {
  const sent: unknown[] = [];
  const { api, history } = await open(
    '/login',
    {
      'POST /api/v1/auth/login': ({ body }) => {
        sent.push(body);
        return 'code' in (body as object) ? { body: anAdmin } : problem(401, 'code-required', 'Enter the code');
      },
    },
    null,
  );
  await logIn('right');
  fireEvent.change(await screen.findByLabelText('Code of your authenticator app'), { target: { value: '123456' } });
  expect(screen.queryByRole('alert')).toBeNull();
  api.change({ 'GET /api/v1/auth/me': { body: anAdmin } });
  fireEvent.click(screen.getByRole('button', { name: 'Log in' }));
  await waitFor(() => expect(history.location.pathname).toBe('/'));
  expect(sent.at(-1)).toEqual({ name: 'ana', password: 'right', code: '123456' });
});

test('too many attempts block the button for as long as the server asks', async () => {
  const refused = { ...problem(429, 'too-many-attempts', 'Too many attempts'), headers: { 'retry-after': '12' } };
  await open('/login', { 'POST /api/v1/auth/login': refused }, null);
  await logIn('again');
  const button = await screen.findByRole('button', { name: 'Try again in 12 s' });
  expect(button).toHaveProperty('disabled', true);
});

test('before the set-up the log-in page points to the one-time link', async () => {
  await open('/login', { 'GET /api/v1/setup': { body: { needed: true } } }, null);
  expect(await screen.findByText(/one-time set-up link/)).toBeTruthy();
});

test('log-in never leads to another site', () => {
  expect(loginSearch({ to: '/clients?q=a' })).toEqual({ to: '/clients?q=a' });
  for (const to of ['https://evil.example', '//evil.example', '/\\evil.example', 'clients']) {
    expect(loginSearch({ to })).toEqual({ to: undefined });
  }
});
