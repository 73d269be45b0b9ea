import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { TimelineEvent, TimelinePage } from '../../shared/api/generated/types.gen.js';
import { openPage, type Routes } from '../../testing/open-page.js';

let page: Awaited<ReturnType<typeof openPage>> | null = null;
afterEach(() => {
  page?.close();
  vi.unstubAllGlobals();
});

function anEvent(parts: Partial<TimelineEvent>): TimelineEvent {
  const at = '2026-01-01T12:00:00.000Z';
  const who = { username: 'pumps', address: '10.0.0.7', protocol: 'mqtt5' };
  return {
    key: 'e1',
    kind: 'connected',
    at,
    ...who,
    reason: null,
    connectedForMs: null,
    operator: null,
    count: 1,
    firstAt: at,
    ...parts,
  };
}

const timelineOf = (items: TimelineEvent[], parts: Partial<TimelinePage> = {}) => ({
  body: { items, next: null, retentionDays: 30, eventsPerClient: 500, notKept: 0, ...parts },
});

/** A client that presence does not know: it was never let in. */
async function openTimeline(timeline: Routes[string]) {
  page = await openPage('viewer', '/clients?c=pump-1', {
    'GET /clients': () => ({ body: { items: [], next: null, seq: 1, online: 0, offline: 0 } }),
    'GET /clients/pump-1': () => ({ status: 404, body: { status: 404, title: 'Not found', detail: 'No client.' } }),
    'GET /clients/pump-1/timeline': timeline,
  });
  return within(await screen.findByRole('dialog'));
}

test('each event says what happened, why, when and from where, also of a client that was never let in', async () => {
  const drawer = await openTimeline(() =>
    timelineOf([
      anEvent({ key: 'e4', kind: 'disconnected', reason: 'administrative-action', connectedForMs: 90_000 }),
      anEvent({ key: 'e3', kind: 'kicked', operator: 'ana', reason: 'too loud' }),
      anEvent({ key: 'e2' }),
      anEvent({ key: 'r1', kind: 'refused', reason: 'bad-credentials', count: 37, username: null }),
    ]),
  );
  expect(await drawer.findByText('This client is not known')).toBeTruthy();
  const items = await drawer.findAllByRole('listitem');
  expect(items.map((item) => item.firstElementChild?.textContent)).toEqual([
    'DisconnectedDisconnected by an operator · after 1 min 30 s',
    'Kicked by anatoo loud',
    'Connected',
    expect.stringMatching(/^RefusedWrong user or password · 37 times, first Jan 1, 2026/),
  ]);
  expect(items[3]!.textContent).toContain('anonymous · 10.0.0.7 · MQTT 5');
});

test('older events are fetched when they are asked for', async () => {
  const drawer = await openTimeline(({ search }) =>
    search.get('after') === 'older'
      ? timelineOf([anEvent({ key: 'e1', kind: 'disconnected', reason: 'connection-lost' })])
      : timelineOf([anEvent({ key: 'e2' })], { next: 'older' }),
  );
  expect(await drawer.findByText('1 shown')).toBeTruthy();
  fireEvent.click(drawer.getByRole('button', { name: 'Load more' }));
  expect(await drawer.findByText(/Connection lost/)).toBeTruthy();
  expect(drawer.getByText(/What is older than 30 days/)).toBeTruthy();
});

test('nothing known, something missing and a database that is away are three different things', async () => {
  const drawer = await openTimeline(() => timelineOf([], { notKept: 12 }));
  expect(await drawer.findByText(/Nothing is known to have happened/)).toBeTruthy();
  expect(drawer.getByText(/12 events of all clients since the server started are missing/)).toBeTruthy();
  page?.close();
  const problem = { status: 503, body: { status: 503, title: 'Away', detail: 'The database is away.' } };
  const failed = await openTimeline(() => problem);
  expect(await failed.findByText('The database is away.')).toBeTruthy();
  expect(failed.queryByText(/Nothing is known/)).toBeNull();
});
