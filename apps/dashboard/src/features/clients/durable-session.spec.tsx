import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClientDetail, DurableSessionDetail } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { openPage, type Routes } from '../../testing/open-page.js';
import { someFacts } from './testing/presence-factories.js';

type Page = Awaited<ReturnType<typeof openPage>>;
let page: Page | null = null;
afterEach(() => {
  page?.close();
  vi.unstubAllGlobals();
});

const NOW = Date.now();
const at = (ms: number) => new Date(NOW + ms).toISOString();
const client = {
  ...someFacts({ clientId: 'pump-1', online: false }),
  since: at(0),
  seq: 1,
  authenticator: null,
  protocol: 'mqtt5' as const,
};

const aSession = (fields: Partial<DurableSessionDetail> = {}): DurableSessionDetail => ({
  clientId: 'pump-1',
  online: false,
  username: null,
  address: '127.0.0.1',
  protocol: 'mqtt5',
  createdAt: at(-86_400_000),
  disconnectedAt: at(-60_000),
  expirySeconds: 7_200,
  expiresAt: at(7_140_000),
  queued: 1_234,
  inFlight: 2,
  owedBytes: 56_000,
  subscriptionCount: 1,
  will: { topic: 'pump-1/gone', qos: 1, retain: true, delaySeconds: 90 },
  subscriptions: [
    { filter: 'pumps/#', qos: 1, noLocal: false, retainAsPublished: false, identifiers: [], ruleId: null },
  ],
  ...fields,
});

interface Shown {
  readonly role?: 'viewer' | 'operator';
  readonly session?: DurableSessionDetail;
  readonly detail?: Partial<ClientDetail>;
  readonly tab?: string;
  readonly routes?: Routes;
}

async function open({ role = 'operator', session = aSession(), detail = {}, tab = '', routes = {} }: Shown = {}) {
  const body: ClientDetail = { ...client, session: null, durable: true, ...detail };
  page = await openPage(role, `/clients?c=pump-1${tab}`, {
    'GET /clients': () => ({ body: { items: [client], next: null, seq: 10, online: 0, offline: 1 } }),
    'GET /clients/pump-1': () => ({ body }),
    'GET /sessions/pump-1': () => ({ body: session }),
    'GET /policy': () => ({ body: { rules: [] } }),
    ...routes,
  });
  return page;
}

const asked = ({ seen }: Page, route: string) => seen.filter((request) => request.route === route).length;
const factsOf = async () => {
  const section = await screen.findByRole('region', { name: 'Kept session' });
  await within(section).findByText('Payload kept');
  const terms = [...section.querySelectorAll('dt')];
  return Object.fromEntries(terms.map((term) => [term.textContent, term.nextElementSibling?.textContent]));
};

test('a client that is away shows what is kept for it, and until when', async () => {
  await open();
  expect(await factsOf()).toMatchObject({
    Queued: '1,234',
    'In flight': '2',
    'Payload kept': '56 kB',
    Subscriptions: '1',
    Expires: 'in 1 hr.',
    Will: 'pump-1/gone · after 1 min 30 s',
  });
});

test('one that is connected, or never expires, says so', async () => {
  await open({ session: aSession({ online: true, disconnectedAt: null, expiresAt: null, will: null }) });
  const facts = await factsOf();
  expect(facts).toMatchObject({ Expires: '2 h after it disconnects' });
  // They stand among the facts of its connection, with their bounds.
  expect(Object.keys(facts)).not.toContain('Queued');
  page?.close();
  await open({ session: aSession({ expirySeconds: null, expiresAt: null }) });
  expect(await factsOf()).toMatchObject({ Expires: 'never' });
});

test('the subscriptions of a client that is away are listed', async () => {
  await open({ tab: '&tab=subscriptions' });
  expect(await screen.findByText('pumps/#')).toBeTruthy();
});

test('a subscription is taken away after a question that names it; a viewer is told which permission is missing', async () => {
  const unsubscribed = vi.fn();
  await open({
    tab: '&tab=subscriptions',
    routes: {
      'DELETE /clients/pump-1/subscriptions': ({ search }) => {
        unsubscribed(search.get('filter'));
        return { status: 204 };
      },
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Unsubscribe from pumps/#' }));
  const dialog = await screen.findByRole('dialog', { name: 'Unsubscribe pump-1 from pumps/#?' });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Unsubscribe' }));
  await waitFor(() => expect(unsubscribed).toHaveBeenCalledWith('pumps/#'));
  page?.close();
  await open({ role: 'viewer', tab: '&tab=subscriptions' });
  const button = await screen.findByRole('button', { name: 'Unsubscribe from pumps/#' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
});

test('what a client may do is told with the rule behind it, and with what is cut out', async () => {
  const parts = [
    {
      filter: 'toCloud/pump-1',
      ruleId: 'r2',
      by: 'rule',
      exclusions: ['toCloud/pump-1/x'],
      excludedBy: ['r1'],
      example: '',
    },
    { filter: 'own/pump-1', ruleId: null, by: 'own-rule', exclusions: [], excludedBy: [], example: '' },
  ];
  const seen: unknown[] = [];
  await open({
    tab: '&tab=access',
    routes: {
      'GET /policy': () => ({ body: { rules: [{ id: 'r1' }, { id: 'r2' }] } }),
      'POST /policy/reach': ({ body }) => {
        seen.push(body);
        const isPublish = (body as { action: string }).action === 'publish';
        return { body: { client: {}, parts: isPublish ? parts : [], hasMore: false } };
      },
    },
  });
  const may = within(await screen.findByRole('region', { name: 'May publish to' }));
  expect(await may.findByText('toCloud/pump-1')).toBeTruthy();
  expect((await may.findByRole('link', { name: 'Rule 2' })).getAttribute('href')).toContain('rule=r2');
  expect(may.getByRole('link', { name: 'Rule 1' })).toBeTruthy();
  expect(may.getByText('a rule of its own')).toBeTruthy();
  expect(await screen.findByText('It may read nothing.')).toBeTruthy();
  // Its session knows its labels and rules of its own: the server judges it by that.
  expect(seen).toContainEqual({ clientId: 'pump-1', action: 'publish', limit: 200 });
});

test('a client without a durable session has nothing kept, and nobody asks for it', async () => {
  const server = await open({ detail: { durable: false } });
  const panel = await screen.findByRole('tabpanel', { name: 'Session' });
  expect(within(panel).getByText('Not connected, and nothing is kept for it.')).toBeTruthy();
  expect(screen.queryByText('Kept session')).toBeNull();
  expect(asked(server, 'GET /sessions/pump-1')).toBe(0);
});

test('dropping the queue asks first, says how much is lost, and shows what is left', async () => {
  let session = aSession();
  const server = await open({
    routes: {
      'GET /sessions/pump-1': () => ({ body: session }),
      'DELETE /sessions/pump-1/queue': () => {
        session = aSession({ queued: 0, owedBytes: 12 });
        return { body: { dropped: 1_234 } };
      },
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Drop queue' }));
  const dialog = await screen.findByRole('dialog', { name: 'Drop the queue of pump-1?' });
  expect(within(dialog).getByText(/1,234 now/)).toBeTruthy();
  expect(asked(server, 'DELETE /sessions/pump-1/queue')).toBe(0);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Drop queue' }));
  expect(await screen.findByText('1,234 messages dropped')).toBeTruthy();
  await waitFor(async () => expect(await factsOf()).toMatchObject({ Queued: '0', 'Payload kept': '12 B' }));
  const drop = screen.getByRole('button', { name: 'Drop queue' });
  expect(drop.getAttribute('aria-disabled')).toBe('true');
});

test('purging asks first and names the client; a refusal is shown where it was asked', async () => {
  let refusal: { status: number; body?: object } = {
    status: 503,
    body: { title: 'Away', detail: 'The database is away', status: 503 },
  };
  const isGone = () => refusal.status === 204;
  const server = await open({
    routes: {
      'DELETE /sessions/pump-1': () => refusal,
      'GET /clients/pump-1': () => ({ body: { ...client, session: null, durable: !isGone() } }),
      'GET /sessions/pump-1': () => (isGone() ? problem(404, 'not-found', 'Gone') : { body: aSession() }),
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Purge session' }));
  const dialog = await screen.findByRole('dialog', { name: 'Purge the session of pump-1?' });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Purge session' }));
  expect(await within(dialog).findByText('The database is away')).toBeTruthy();
  refusal = { status: 204 };
  fireEvent.click(within(dialog).getByRole('button', { name: 'Purge session' }));
  expect(await screen.findByText('The session of pump-1 is gone')).toBeTruthy();
  await waitFor(() => expect(screen.queryByText('Kept session')).toBeNull());
  expect(asked(server, 'DELETE /sessions/pump-1')).toBe(2);
});

test('a viewer may do neither, and is told which permission is missing', async () => {
  const server = await open({ role: 'viewer' });
  for (const name of ['Drop queue', 'Purge session']) {
    const button = await screen.findByRole('button', { name });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(button);
    fireEvent.focus(button);
  }
  expect((await screen.findAllByText(/clients:write/)).length).toBeGreaterThan(0);
  expect(server.seen.some(({ route }) => route.startsWith('DELETE'))).toBe(false);
});

test('what is kept and cannot be read says why and can be tried again', async () => {
  const server = await open({
    routes: {
      'GET /sessions/pump-1': () => problem(422, 'invalid-fields', 'No luck'),
    },
  });
  const section = await screen.findByRole('region', { name: 'Kept session' });
  expect((await within(section).findAllByText('No luck')).length).toBeGreaterThan(0);
  server.routes['GET /sessions/pump-1'] = () => ({ body: aSession() });
  fireEvent.click(within(section).getByRole('button', { name: 'Retry' }));
  expect(await factsOf()).toMatchObject({ Queued: '1,234' });
});
