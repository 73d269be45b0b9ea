import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { problem } from '../../testing/api-server.js';
import { openPage, type Routes } from '../../testing/open-page.js';

let close = () => {};
afterEach(() => {
  close();
  localStorage.clear();
  vi.unstubAllGlobals();
});

async function open(role: 'viewer' | 'operator', routes: Routes, address: string) {
  const page = await openPage(role, address, { 'GET /topics': () => tree(), ...routes });
  close = page.close;
  return page;
}

const tree = (...topics: string[]) => ({
  body: {
    items: topics.map((topic) => ({
      topic,
      level: topic.split('/').at(-1),
      subscribers: 0,
      subscribersBelow: topic === 'plant' ? 12 : 0,
      retainedBelow: 0,
      updatedAt: null,
    })),
    more: topics.includes('more'),
  },
});

test('a branch that is unfolded is asked for, and says where there is more than is shown', async () => {
  const page = await open(
    'viewer',
    { 'GET /topics': ({ search }) => (search.has('parent') ? tree('plant/1', 'more') : tree('plant')) },
    '/topics',
  );
  const level = await screen.findByRole('treeitem', { name: 'plant, 12 subscriptions' });
  expect(level.getAttribute('aria-expanded')).toBe('false');
  fireEvent.keyDown(screen.getByRole('tree'), { key: 'ArrowRight' });
  expect(await screen.findByRole('treeitem', { name: '1' })).toBeTruthy();
  expect(screen.getByText(/More than 10,000 here/)).toBeTruthy();
  expect(page.seen.map(({ search }) => search.get('parent'))).toContain('plant');
});

test.each([
  ['compact', 30],
  ['comfortable', 44],
])('its levels stand as close as rows of tables do: %s', async (density, px) => {
  localStorage.setItem('perch-density', JSON.stringify(density));
  await open('viewer', { 'GET /topics': () => tree('plant', 'office') }, '/topics');
  const first = await screen.findByRole('treeitem', { name: 'plant, 12 subscriptions' });
  const second = await screen.findByRole('treeitem', { name: 'office' });
  expect([first, second].map(({ style }) => style.transform)).toEqual(['translateY(0px)', `translateY(${px}px)`]);
});

const rates = (perSecond: Record<string, number>) => ({
  'POST /topics/rates': ({ body }: { body: unknown }) => ({
    body: { rates: (body as { topics: string[] }).topics.map((topic) => perSecond[topic] ?? null) },
  }),
});

test('each topic says how fast messages come, as far as it is known; branches and filters say nothing', async () => {
  const known = rates({ office: 0, hall: 12.34, '+': 5, '$SYS/uptime': 5 });
  const topics = () => tree('plant', 'office', 'hall', 'yard', '+', '$SYS/uptime');
  const page = await open('viewer', { 'GET /topics': topics, ...known }, '/topics?topic=hall');
  const hall = await screen.findByRole('treeitem', { name: 'hall, 12 messages a second' });
  const row = (name: string) => screen.getByRole('treeitem', { name }).textContent;
  expect(hall.textContent).toBe('hall12/s');
  expect([row('office'), row('yard'), row('plant, 12 subscriptions'), row('+'), row('uptime')]).toEqual([
    'office0/s',
    'yard-/s',
    'plant12',
    '+',
    'uptime',
  ]);
  expect(await screen.findByText('12 messages a second')).toBeTruthy();
  const asked = page.seen.filter(({ route }) => route === 'POST /topics/rates').map(({ body }) => body);
  expect(asked).toContainEqual({ topics: ['plant', 'office', 'hall', 'yard'] });
  expect(asked).toContainEqual({ topics: ['hall'] });
});

test('by activity, the topics with most messages a second come first', async () => {
  const known = rates({ office: 3, hall: 12.34, yard: 0 });
  await open('viewer', { 'GET /topics': () => tree('plant', 'office', 'hall', 'yard'), ...known }, '/topics');
  const order = () => screen.getAllByRole('treeitem').map(({ style, textContent }) => [style.transform, textContent]);
  await screen.findByText('12/s');
  fireEvent.click(screen.getByRole('radio', { name: 'Activity' }));
  const places = [0, 1, 2, 3].map((place) => `translateY(${place * 36}px)`);
  await waitFor(() =>
    expect(order()).toEqual(['hall12/s', 'office3/s', 'plant12', 'yard0/s'].map((text, at) => [places[at], text])),
  );
});

test('what was typed is where the tree begins', async () => {
  const page = await open('viewer', {}, '/topics?find=plant%2F1%2Fte');
  expect(await screen.findByText('No topic begins with plant/1/te')).toBeTruthy();
  const asked = page.seen.find(({ route }) => route === 'GET /topics');
  expect([asked?.search.get('parent'), asked?.search.get('prefix')]).toEqual(['plant/1', 'te']);
});

test('a viewer sees topics, and which permission payloads need', async () => {
  const page = await open('viewer', { 'GET /topics': () => tree('plant') }, '/topics?topic=plant&tab=tail');
  expect(await screen.findByText(/messages:read/)).toBeTruthy();
  fireEvent.click(screen.getByRole('tab', { name: 'Last message' }));
  expect(await screen.findByText(/messages:read/)).toBeTruthy();
  expect(page.seen.some(({ route }) => /tails|message/.test(route))).toBe(false);
});

test('a topic that is pinned stays at hand', async () => {
  const routes = {
    'GET /topics/subscribers': () => ({ body: { items: [], next: null, total: 0 } }),
  };
  const { history } = await open('viewer', routes, '/topics?topic=plant/1');
  expect(await screen.findByText('Nobody is subscribed')).toBeTruthy();
  fireEvent.click(await screen.findByRole('button', { name: 'Pin' }));
  history.push('/topics');
  fireEvent.click(await screen.findByRole('button', { name: 'plant/1' }));
  await waitFor(() => expect(history.location.search).toContain('topic=plant'));
});

test('a filter that reaches everything is watched once that is confirmed', async () => {
  const asked: unknown[] = [];
  const routes: Routes = {
    'POST /tails': ({ body }) => {
      asked.push(body);
      return asked.length === 1
        ? problem(409, 'broad-filter', 'broad')
        : { body: { type: 'ended', reason: 'stopped' } };
    },
  };
  await open('operator', routes, '/topics?tab=tail');
  fireEvent.change(await screen.findByLabelText('Filter to watch'), { target: { value: '#' } });
  fireEvent.click(screen.getByRole('button', { name: 'Start' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Watch a sample' }));
  expect(await screen.findByText(/the server goes down/)).toBeTruthy();
  expect(asked).toEqual(
    [{ filter: '#' }, { filter: '#', confirmed: true }].map((one) => ({ confirmed: false, ...one })),
  );
});

test('the messages of one client are watched from its page, until everybody’s are wanted', async () => {
  const asked: unknown[] = [];
  const routes: Routes = {
    'POST /tails': ({ body }) => {
      asked.push(body);
      return { body: { type: 'ended', reason: 'stopped' } };
    },
  };
  const { history } = await open('operator', routes, '/topics?tab=tail&client=pump-7');
  expect((await screen.findByRole('link', { name: 'pump-7' })).getAttribute('href')).toBe('/clients?c=pump-7');
  fireEvent.click(screen.getByRole('button', { name: 'Start' }));
  await waitFor(() => expect(asked).toEqual([{ filter: '#', clientId: 'pump-7', confirmed: false }]));
  fireEvent.click(screen.getByRole('button', { name: 'Everybody’s' }));
  await waitFor(() => expect(screen.queryByRole('link', { name: 'pump-7' })).toBeNull());
  expect(history.location.search).not.toContain('client');
});

test('a tree that cannot be had says why', async () => {
  await open('viewer', { 'GET /topics': () => problem(403, 'not-allowed', 'Not for you') }, '/topics');
  expect((await screen.findAllByText('Not for you')).length).toBeGreaterThan(0);
});
