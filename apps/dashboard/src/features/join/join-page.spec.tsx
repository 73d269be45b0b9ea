import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { problem } from '../../testing/api-server.js';
import { anAdmin, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => {
  close();
  location.hash = '';
});

async function open(...args: Parameters<typeof openApp>) {
  location.hash = '#the-token';
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const invited = {
  id: 'i1',
  name: 'ben',
  role: 'operator',
  createdBy: 'ana',
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-02T00:00:00Z',
};

test('who was invited chooses a password and is in', async () => {
  const sent: unknown[] = [];
  const { api, history } = await open(
    '/join',
    {
      'POST /api/v1/invitations/look': { body: invited },
      'POST /api/v1/invitations/accept': ({ body }) => {
        sent.push(body);
        return { status: 201, body: { ...anAdmin, name: 'ben' } };
      },
    },
    null,
  );
  expect(await screen.findByText('ana invited you to look after this broker.')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Operator').value).toBe('ben');
  api.change({ 'GET /api/v1/auth/me': { body: { ...anAdmin, name: 'ben' } } });
  fireEvent.change(screen.getByLabelText('Choose a password'), { target: { value: 'correct horse battery' } });
  fireEvent.click(screen.getByRole('button', { name: 'Log in' }));
  await waitFor(() => expect(history.location.pathname).toBe('/'));
  expect(sent).toEqual([{ token: 'the-token', password: 'correct horse battery' }]);
  expect(api.asked.join()).not.toContain('the-token');
});

test('a link that opens nothing says why, and what to do', async () => {
  await open('/join', { 'POST /api/v1/invitations/look': problem(403, 'bad-token', 'Not valid') }, null);
  expect(await screen.findByText(/used, was withdrawn or is older than a day/)).toBeTruthy();
});
