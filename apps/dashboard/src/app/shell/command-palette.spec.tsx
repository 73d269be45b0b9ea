import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { openPage, type Routes, type TestRole } from '../../testing/open-page.js';

let close = () => {};
afterEach(() => {
  close();
  localStorage.clear();
  vi.unstubAllGlobals();
});

const page = (...items: object[]) => ({ body: { items, next: null, total: items.length } });
const aRule = {
  ...{ id: 'r1', effect: 'deny', topics: ['plant/#'], subject: 'everyone', value: '*', access: 'pubsub' },
  ...{ enabled: true, mode: 'enforce', validUntil: null, note: '' },
};
const settings = { noMatch: 'deny', wildcardOverlap: 'exclude' };
const routes: Routes = {
  'GET /audit': () => page(),
  'GET /clients': ({ search }) => page(...(search.get('q') === 'dev' ? [{ clientId: 'dev-17' }] : [])),
  'GET /users': () => page({ username: 'dev-user' }),
  'GET /bans': () => page({ value: 'dev-bad' }),
  'GET /policy': () => ({ body: { rules: [aRule], settings, revision: 1, tests: [] } }),
  'POST /clients/dev-17/kick': () => ({ body: { disconnected: true } }),
};

async function openPalette(role: TestRole) {
  const app = await openPage(role, '/audit', routes);
  close = app.close;
  await screen.findByRole('heading', { level: 1, name: 'Audit' });
  fireEvent.keyDown(document.documentElement, { key: 'k', code: 'KeyK', ctrlKey: true });
  const field = await screen.findByPlaceholderText('Search or run…');
  const type = (text: string) => fireEvent.change(field, { target: { value: text } });
  return { ...app, type };
}

/** By its whole text: what was typed is marked within it, which a name by role would take apart. */
function offered(name: string): HTMLElement | undefined {
  return screen.getAllByRole('button').find(({ textContent }) => textContent === name);
}

async function action(name: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = offered(name);
    if (!found) throw new Error(`${name} is not offered`);
    return found;
  });
}

test('what two letters name is found: clients, users, bans, and what can be done with the first client', async () => {
  const { type, seen } = await openPalette('operator');
  type('d');
  type('dev');
  expect(await action('dev-17')).toBeTruthy();
  for (const name of ['dev-user', 'dev-bad', 'Kick dev-17…', 'Ban dev-17…', 'Test access as dev-17'])
    await action(name);
  for (const name of ['Tail messages of dev-17', 'Copy client id dev-17']) await action(name);
  expect(seen.filter(({ route }) => route === 'GET /clients').map(({ search }) => search.get('q'))).toEqual(['dev']);
});

test('a verb before the name leads to the dialog, and nothing is done before it is confirmed', async () => {
  const { type, seen } = await openPalette('operator');
  type('kick dev');
  fireEvent.click(await action('Kick dev-17…'));
  await screen.findByRole('dialog', { name: /dev-17/ });
  expect(seen.some(({ route }) => route.startsWith('POST'))).toBe(false);
});

test('rules are found by number and by topic', async () => {
  const { type, history } = await openPalette('viewer');
  type('rule 1');
  await action('Rule 1: deny plant/#');
  type('plant');
  fireEvent.click(await action('Rule 1: deny plant/#'));
  await waitFor(() => expect(history.location.search).toContain('rule=r1'));
});

test('what the role may not do is not offered', async () => {
  const { type } = await openPalette('viewer');
  type('dev');
  await action('Test access as dev-17');
  for (const name of ['Kick dev-17…', 'Ban dev-17…', 'Tail messages of dev-17', 'Create user'])
    expect(offered(name), name).toBeUndefined();
});

test('what was opened is at hand the next time', async () => {
  const { type, history } = await openPalette('operator');
  type('dev');
  fireEvent.click(await action('dev-user'));
  await waitFor(() => expect(history.location.search).toContain('dev-user'));
  fireEvent.keyDown(document.documentElement, { key: 'k', code: 'KeyK', ctrlKey: true });
  await action('dev-user');
});
