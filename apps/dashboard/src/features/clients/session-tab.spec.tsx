import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClientDetail, ClientSession } from '../../shared/api/generated/types.gen.js';
import { openPage } from '../../testing/open-page.js';
import { someFacts } from './testing/presence-factories.js';

let page: Awaited<ReturnType<typeof openPage>> | null = null;
afterEach(() => {
  page?.close();
  vi.unstubAllGlobals();
});

const NOW = new Date().toISOString();

const aSession = (fields: Partial<ClientSession>): ClientSession => ({
  keepAliveSeconds: 60,
  cleanStart: true,
  port: 51_234,
  listener: null,
  certificateName: null,
  connectedAt: NOW,
  inFlight: 0,
  inFlightMax: 512,
  queued: 0,
  queuedMax: 1000,
  awaitingRelease: 0,
  dropped: 0,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: null,
  bytesOut: null,
  recentTopics: [],
  labels: [],
  own: null,
  will: null,
  subscriptions: [],
  ...fields,
});

/** Opens the session of a client; resolves with its facts by their names. */
async function open(session: Partial<ClientSession>): Promise<Record<string, string | null | undefined>> {
  const client = { ...someFacts({ clientId: 'pump-1' }), since: NOW, seq: 1, authenticator: null };
  const detail = { ...client, protocol: 'mqtt5', session: aSession(session), durable: false } satisfies ClientDetail;
  page = await openPage('viewer', '/clients?c=pump-1', {
    'GET /clients': () => ({ body: { items: [client], next: null, seq: 10, online: 1, offline: 0 } }),
    'GET /clients/pump-1': () => ({ body: detail }),
  });
  const tab = within(await screen.findByRole('tabpanel', { name: 'Session' }));
  await tab.findByText('Keep alive');
  return Object.fromEntries(tab.getAllByRole('term').map((name) => [name.textContent, name.nextSibling?.textContent]));
}

test('the session says by which listener its client came in, and whose certificate it showed', async () => {
  const facts = await open({ listener: 'plant-floor', certificateName: 'badge-7' });
  expect(facts).toMatchObject({ Listener: 'plant-floor', Certificate: 'badge-7', User: 'anonymous' });
});

test('of a client that showed no certificate none is told, and a listener without a name is not made up', async () => {
  const facts = await open({});
  expect(facts).toMatchObject({ Listener: '-' });
  expect(facts).not.toHaveProperty('Certificate');
});
