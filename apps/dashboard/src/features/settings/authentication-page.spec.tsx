import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { AccessDoc, AccessInput, AccessTryInput } from '../../shared/api/generated/types.gen.js';
import { type Answers, problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const admin = { ...anAdmin, permissions: [...anAdmin.permissions, 'settings:read', 'settings:write'] };
const viewer = { ...aViewer, permissions: [...aViewer.permissions, 'settings:read'] };

const aDoc = (fields: Partial<AccessDoc> = {}): AccessDoc => ({
  revision: 3,
  savedAt: '2026-01-01T00:00:00Z',
  savedBy: 'ben',
  isLocked: false,
  allowsAnonymous: false,
  authenticators: [
    { id: 'users', kind: 'users', enabled: true },
    {
      id: 'hook',
      kind: 'http',
      enabled: true,
      url: 'http://127.0.0.1:9/auth',
      headers: [{ name: 'x-key', value: { isSet: true } }],
    },
  ],
  authorizers: [{ id: 'policy', kind: 'policy', enabled: true }],
  ...fields,
});

const counts = { accepted: 12, refused: 3, ignored: 1, failed: 2 };
const status = {
  authenticators: [{ id: 'hook', ...counts, problem: 'It did not answer in time.' }],
  authorizers: [{ id: 'http', ...counts, refused: 7, problem: null }],
};

async function open(answers: Answers = {}, operator = admin) {
  const app = await openApp(
    '/settings/authentication',
    {
      'GET /api/v1/settings/access': { body: aDoc() },
      'GET /api/v1/settings/access/status': { body: status },
      ...answers,
    },
    operator,
  );
  close = app.close;
  return app;
}

const list = () => screen.findByRole('list', { name: 'Authenticators' });
const button = (name: string) => screen.findByRole('button', { name });
const idsIn = (element: HTMLElement) =>
  within(element)
    .getAllByRole('listitem')
    .map((item) => item.dataset['member']);

test('shows who is asked in which order, what each said, and what keeps one from answering', async () => {
  await open();
  expect(idsIn(await list())).toEqual(['users', 'hook']);
  expect(screen.getByText('Revision 3 by ben')).toBeTruthy();
  expect(await screen.findByText('Does not answer')).toBeTruthy();
  expect(screen.getByText('It did not answer in time.')).toBeTruthy();
  expect(screen.getByText('12 accepted · 3 refused · 1 passed on · 2 failed')).toBeTruthy();
});

test('somebody without the permission reads, and is told what is missing', async () => {
  await open({}, viewer);
  expect(idsIn(await list())).toEqual(['users', 'hook']);
  expect((await button('Review & save')).getAttribute('aria-disabled')).toBe('true');
  expect(screen.queryByRole('button', { name: 'Add authenticator' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Try' })).toBeNull();
});

test('what the configuration settles is shown and cannot be changed', async () => {
  await open({ 'GET /api/v1/settings/access': { body: aDoc({ isLocked: true }) } });
  expect(await screen.findByText(/The configuration of the server settles this/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Add authenticator' })).toBeNull();
});

test('when the settings cannot be read the page says so, and tries again', async () => {
  const { api } = await open({ 'GET /api/v1/settings/access': problem(503, 'unavailable', 'Not available right now') });
  fireEvent.click(await button('Retry'));
  api.change({ 'GET /api/v1/settings/access': { body: aDoc() } });
  expect(await list()).toBeTruthy();
});

describe('a draft', () => {
  test('is reviewed, then saved on top of what was seen; secrets that were not replaced stay', async () => {
    const saved: { body: unknown; ifMatch: unknown }[] = [];
    await open({
      'PUT /api/v1/settings/access': ({ body, headers }) => {
        saved.push({ body, ifMatch: headers['if-match'] });
        return { body: aDoc({ ...(body as AccessInput), revision: 4 }) };
      },
    });
    await list();
    fireEvent.keyDown(await button('Move hook up'), { key: 'ArrowUp', altKey: true });
    expect(idsIn(await list())).toEqual(['hook', 'users']);
    expect(screen.getByText('hook moved to position 1 of 2')).toBeTruthy();
    fireEvent.click(await button('Review & save'));
    const dialog = await screen.findByRole('dialog', { name: 'Save who may come in?' });
    expect(within(dialog).getByRole('region', { name: 'Changes' })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Revision 4 holds for whoever comes from now on')).toBeTruthy();
    expect(saved).toMatchObject([
      {
        ifMatch: '"3"',
        body: {
          authenticators: [{ id: 'hook', headers: [{ value: { isSet: true } }] }, { id: 'users' }],
          reconnect: false,
        },
      },
    ]);
    expect(await screen.findByText('All changes are saved')).toBeTruthy();
  });

  test('that somebody overtook is kept, and says so', async () => {
    await open({ 'PUT /api/v1/settings/access': problem(412, 'revision-mismatch', 'Somebody else changed it') });
    await list();
    fireEvent.click(await screen.findByRole('switch', { name: 'hook is asked' }));
    fireEvent.click(await button('Review & save'));
    fireEvent.click(await button('Save'));
    expect(await screen.findByText(/Somebody else saved meanwhile/)).toBeTruthy();
  });

  test('with a new JWT authenticator has it before the users, and its secret is sent once', async () => {
    const saved: AccessInput[] = [];
    await open({
      'PUT /api/v1/settings/access': ({ body }) => {
        saved.push(body as AccessInput);
        return problem(422, 'invalid-fields', 'a secret is too short', {
          errors: [{ path: 'authenticators.0.key.secret', message: 'has 3 bytes' }],
        });
      },
    });
    await list();
    fireEvent.click(await button('Add authenticator'));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'JWT' }));
    fireEvent.click(await screen.findByRole('radio', { name: 'Secret' }));
    fireEvent.change(await screen.findByLabelText('Secret', { selector: 'input[type=password]' }), {
      target: { value: 'abc' },
    });
    fireEvent.click(await button('Apply'));
    await waitFor(async () => expect(idsIn(await list())).toEqual(['jwt', 'users', 'hook']));
    fireEvent.click(await button('Review & save'));
    const dialog = await screen.findByRole('dialog', { name: 'Save who may come in?' });
    expect(within(dialog).getByRole('region', { name: 'Changes' }).textContent).not.toContain('abc');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('authenticators.0.key.secret: has 3 bytes')).toBeTruthy();
    expect(saved[0]?.authenticators[0]).toMatchObject({
      kind: 'jwt',
      algorithms: ['HS256'],
      key: { kind: 'secret', secret: { value: 'abc' } },
    });
  });

  test('takes several hooks by topic prefix, each with a name of its own', async () => {
    const hook = { id: 'http', kind: 'http', enabled: true, url: 'http://127.0.0.1:9/acl' } as const;
    const authorizers: AccessDoc['authorizers'] = [
      { id: 'policy', kind: 'policy', enabled: true },
      { ...hook, prefixes: ['plant', 'office'] },
    ];
    await open({ 'GET /api/v1/settings/access': { body: aDoc({ authorizers }) } });
    expect(await screen.findByText('Topics below plant, office')).toBeTruthy();
    expect(await screen.findByText('12 accepted · 7 refused · 1 passed on · 2 failed')).toBeTruthy();
    fireEvent.click(screen.getByText('Add HTTP hook'));
    const prefixes = await screen.findByLabelText('Topic prefixes', { selector: 'input' });
    fireEvent.change(screen.getByLabelText('Address', { selector: '[type=url]' }), { target: { value: hook.url } });
    fireEvent.paste(prefixes, { clipboardData: { getData: () => 'plant/1' } });
    fireEvent.click(screen.getByText('Apply'));
    expect(await screen.findByText('Topics below plant/1')).toBeTruthy();
    expect(idsIn(await screen.findByRole('list', { name: 'Authorizers' }))).toEqual(['policy', 'http', 'http-2']);
  });

  test('is discarded as a whole, and what was removed comes back with Undo', async () => {
    await open();
    await list();
    fireEvent.click(await button('Remove hook'));
    expect(idsIn(await list())).toEqual(['users']);
    fireEvent.click(await button('Undo'));
    expect(idsIn(await list())).toEqual(['users', 'hook']);
    fireEvent.click(await button('Move users down'));
    fireEvent.click(await button('Discard'));
    expect(idsIn(await list())).toEqual(['users', 'hook']);
  });
});

test('credentials are tried on the draft, and each step is told', async () => {
  const tried: AccessTryInput[] = [];
  const nobody = { username: null, labels: [], validUntil: null, connectionLimit: null, ownRules: [] };
  const step = { refusal: null, ms: 1 };
  await open({
    'POST /api/v1/settings/access/try': ({ body }) => {
      tried.push(body as AccessTryInput);
      const steps = [
        { id: 'users', kind: 'users', said: 'not-mine', why: 'There is no such user.', ...step },
        { id: 'hook', kind: 'http', said: 'refused', why: 'It answered “deny”.', ...step },
      ];
      return { body: { accepted: false, refusal: 'bad-credentials', ...nobody, steps } };
    },
  });
  fireEvent.change(await screen.findByLabelText('User name'), { target: { value: 'joy' } });
  fireEvent.click(await button('Try'));
  expect(await screen.findByText('Refused: bad-credentials')).toBeTruthy();
  expect(screen.getByText('There is no such user.')).toBeTruthy();
  expect(tried[0]).toMatchObject({ username: 'joy', password: null, settings: { authenticators: [{}, {}] } });
});

test('answers are forgotten for one user name', async () => {
  const asked: unknown[] = [];
  await open({
    'POST /api/v1/settings/access/invalidate': ({ body }) => {
      asked.push(body);
      return { status: 204 };
    },
  });
  await list();
  fireEvent.click(await button('Forget answers…'));
  const dialog = await screen.findByRole('dialog', { name: 'Forget what authenticators remember?' });
  fireEvent.change(within(dialog).getByLabelText('User name'), { target: { value: 'joy' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Forget' }));
  expect(await screen.findByText('Whoever connects is asked about anew')).toBeTruthy();
  expect(asked).toEqual([{ username: 'joy' }]);
});
