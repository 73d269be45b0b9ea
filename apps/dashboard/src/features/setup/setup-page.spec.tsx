import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { problem } from '../../testing/api-server.js';
import { anAdmin, openApp } from '../../testing/open-app.js';

let close = () => {};
beforeEach(() => {
  location.hash = '#token=once';
});
afterEach(() => {
  close();
  location.hash = '';
});

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const needed = { 'GET /api/v1/setup': { body: { needed: true } } };
const server = {
  version: '0.1.0',
  node: 'n1',
  name: 'n1',
  publicHost: null,
  listeners: [
    { name: 'mqtt', kind: 'mqtt', secure: false, host: '0.0.0.0', port: 2883, socket: null },
    { name: 'http', kind: 'mqtt-ws', secure: false, host: '0.0.0.0', port: 8080, socket: null, path: '/mqtt' },
  ],
  database: 'embedded',
  anonymous: false,
};

test('the token of the link makes the first operator, and the first client turns the page live', async () => {
  let sent: unknown;
  const { api, history } = await open(
    '/setup',
    {
      ...needed,
      'POST /api/v1/setup': ({ body }) => {
        sent = body;
        return { status: 201, body: anAdmin };
      },
      'GET /api/v1/server': { body: server },
      'GET /api/v1/settings': { body: { items: [] } },
      'POST /api/v1/users': { status: 201, body: { username: 'device-1', generatedPassword: 'made-for-you-1' } },
      'GET /api/v1/clients': { body: { items: [], next: null, seq: 0, online: 0, offline: 0 } },
    },
    null,
  );
  fireEvent.change(await screen.findByLabelText('Password'), { target: { value: 'correct horse 9' } });
  api.change({ 'GET /api/v1/auth/me': { body: anAdmin } });
  fireEvent.click(screen.getByRole('button', { name: 'Create the operator' }));
  expect(await screen.findByRole('heading', { name: 'Name the broker' })).toBeTruthy();
  expect(sent).toEqual({ token: 'once', name: 'admin', password: 'correct horse 9' });
  fireEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Skip' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Create the user' }));
  expect(await screen.findByText('made-for-you-1')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('Waiting for the first client…')).toBeTruthy();
  expect(history.location.search).toContain('step=connect');
  expect(await screen.findByText(/mosquitto_pub -h localhost -p 2883 .* -u device-1 -P made-for-you-1/)).toBeTruthy();
  const left = { clientId: 'dev-0', online: false };
  api.change({
    'GET /api/v1/clients': ({ search }) => ({
      body: { items: search.has('state') ? [] : [left], next: null, seq: 1, online: 0, offline: 0 },
    }),
  });
  expect(await screen.findByText('dev-0 was connected, and has left', undefined, { timeout: 3000 })).toBeTruthy();
  const first = { clientId: 'dev-1', online: true };
  api.change({ 'GET /api/v1/clients': { body: { items: [first], next: null, seq: 2, online: 1, offline: 0 } } });
  expect(await screen.findByText('dev-1 is connected', undefined, { timeout: 3000 })).toBeTruthy();
});

test('a password under twelve characters cannot be sent', async () => {
  await open('/setup', needed, null);
  fireEvent.change(await screen.findByLabelText('Password'), { target: { value: 'short' } });
  expect(screen.getByRole('button', { name: 'Create the operator' })).toHaveProperty('disabled', true);
  expect(screen.getByText(/7 more characters/)).toBeTruthy();
});

test('a refused token is said, and the form stays', async () => {
  await open('/setup', { ...needed, 'POST /api/v1/setup': problem(403, 'bad-token', 'The link is used') }, null);
  fireEvent.change(await screen.findByLabelText('Password'), { target: { value: 'correct horse 9' } });
  fireEvent.click(screen.getByRole('button', { name: 'Create the operator' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The link is used');
});

test('once set up, the page leads to the log-in', async () => {
  await open('/setup', { 'GET /api/v1/setup': { body: { needed: false } } }, null);
  expect((await screen.findByRole('link', { name: 'Go to the log-in page' })).getAttribute('href')).toBe('/login');
});

test('doors that could not be read say so, and are asked for again', async () => {
  const { api } = await open('/setup?step=broker', {
    ...needed,
    'GET /api/v1/settings': { body: { items: [] } },
    'GET /api/v1/server': problem(400, 'bad-request', 'The doors are not known'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('The doors are not known');
  api.change({ 'GET /api/v1/server': { body: server } });
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('MQTT over WebSocket')).toBeTruthy();
});

test('nobody waits for a first client while the question for it fails', async () => {
  await open('/setup?step=connect', {
    ...needed,
    'GET /api/v1/server': { body: server },
    'GET /api/v1/clients': problem(400, 'bad-request', 'No clients'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('No clients');
  expect(screen.queryByText('Waiting for the first client…')).toBeNull();
});

test('whoever goes back to the name of the broker finds the one that was saved', async () => {
  const setting = (value: string) => ({ body: { items: [{ key: 'brokerName', value, isLocked: false }] } });
  const { api, history } = await open('/setup?step=broker', {
    ...needed,
    'GET /api/v1/server': { body: server },
    'GET /api/v1/settings': setting('n1'),
    'PATCH /api/v1/settings': setting('Plant 7'),
  });
  fireEvent.change(await screen.findByLabelText('Broker name'), { target: { value: 'Plant 7' } });
  api.change({ 'GET /api/v1/settings': setting('Plant 7') });
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByRole('heading', { name: 'Choose who may do what' })).toBeTruthy();
  act(() => history.back());
  expect((await screen.findByLabelText<HTMLInputElement>('Broker name')).value).toBe('Plant 7');
});
