import { afterEach, expect, test } from 'vitest';
import { ApiClient, PASSWORD } from '../../http/testing/api-client.js';
import { type TestApp, startTestApp } from '../../testing/start-test-app.js';
import { SetupLink } from './setup-link.js';

let app: TestApp;
afterEach(() => app?.close());

const input = { name: 'ada', password: PASSWORD };

async function start(env = {}) {
  app = await startTestApp({ env });
  const link = await app.app.get(SetupLink, { strict: false }).currentLink();
  return { browser: new ApiClient(app.url), token: link?.replace('/setup#token=', '') ?? null, link };
}

test('the link that a first start gives makes one admin, signed in, and then never again', async () => {
  const { browser, token, link } = await start();
  expect(link).toMatch(/^\/setup#token=[\w-]{32}$/);
  expect((await browser.get('/setup')).body).toEqual({ needed: true });
  const made = await browser.post('/setup', { token, ...input });
  expect(made).toMatchObject({ status: 201, body: { name: 'ada', role: 'admin', disabled: false } });
  expect((await browser.get('/auth/me')).body).toMatchObject({ name: 'ada' });
  expect((await browser.get('/setup')).body).toEqual({ needed: false });
  expect(await app.app.get(SetupLink, { strict: false }).currentLink()).toBeNull();
  const again = await browser.post('/setup', { token, ...input, name: 'eve' });
  expect(again).toMatchObject({ status: 409, body: { code: 'set-up-done' } });
});

test('a wrong token makes nobody, and guessing is slowed down', async () => {
  const { browser, token } = await start();
  for (let i = 0; i < 5; i++) {
    expect(await browser.post('/setup', { token: `guess-${i}`, ...input })).toMatchObject({
      status: 403,
      body: { code: 'bad-token' },
    });
  }
  expect(await browser.post('/setup', { token, ...input })).toMatchObject({ status: 429 });
  expect((await browser.get('/setup')).body).toEqual({ needed: true });
});

test('two browsers with the link make one admin', async () => {
  const { browser, token } = await start();
  const answers = await Promise.all(['ada', 'eve'].map((name) => browser.post('/setup', { token, ...input, name })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
});

test('a short password is refused and the link stays good', async () => {
  const { browser, token } = await start();
  const short = await browser.post('/setup', { token, name: 'ada', password: 'eleven char' });
  expect(short).toMatchObject({ status: 422, body: { errors: [{ path: 'password' }] } });
  expect((await browser.post('/setup', { token, ...input })).status).toBe(201);
});

test('with a configured password the operator admin is there from the start, and no link', async () => {
  const { browser, link } = await start({ PERCH_ADMIN_PASSWORD: PASSWORD });
  expect(link).toBeNull();
  expect((await browser.get('/setup')).body).toEqual({ needed: false });
  expect(await browser.signIn('admin', PASSWORD)).toMatchObject({ status: 200, body: { role: 'admin' } });
});
