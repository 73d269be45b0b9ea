import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Routes } from '../../testing/open-page.js';
import { openRules, order, policyOf, rowOf } from './testing/open-rules.js';

/** Not to be had, and not worth a second try by itself. */
const broken: Routes[string] = () => ({ status: 422, body: { title: 'Not to be had', detail: 'For a reason' } });

const entry = {
  revision: 7,
  author: 'ben',
  message: 'the beginning',
  createdAt: '2026-01-01T00:00:00Z',
  overrideReason: null,
  rules: 3,
  tests: 0,
};
const history: Routes[string] = () => ({ body: { items: [entry], next: null } });
const nobody = { clients: [], counts: { all: 0, part: 0, none: 1200 }, rules: [] };

/** Each panel that asks the server: what it asks, its address, the answer, and what it shows of it. */
const panels: readonly [name: string, route: string, address: string, answer: Routes[string], shows: string][] = [
  ['the history', 'GET /policy/revisions', '?tab=history', history, 'the beginning'],
  [
    'the shadow',
    'GET /policy/shadow',
    '?tab=shadow',
    () => ({ body: { draft: null, rules: [] } }),
    'No draft is judged in shadow',
  ],
  [
    'who can',
    'POST /policy/who',
    '?tab=who&topic=beta&among=clients',
    () => ({ body: nobody }),
    '0 can reach all of it, 0 a part, 1,200 nothing of it',
  ],
  [
    'a revision that is asked',
    'GET /policy/revisions/6',
    '?tab=test&client=dev-1&topic=beta&against=6',
    () => ({ body: policyOf([], 6) }),
    'Denied',
  ],
];

test.each(panels)(
  '%s, when it cannot be read, says so beside rules that can be edited, and is there after a retry',
  async (_name, route, address, answer, shows) => {
    const page = await openRules('operator', { [route]: broken }, `/access/rules${address}`);
    expect(await screen.findByText('Not to be had')).toBeTruthy();
    expect(screen.getByText('For a reason')).toBeTruthy();
    fireEvent.keyDown(await rowOf('alpha'), { key: 'Delete' });
    expect(order()).toEqual(['beta', 'gamma']);
    page.routes[route] = answer;
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByText(shows)).toBeTruthy();
    expect(screen.queryByText('Not to be had')).toBeNull();
  },
);

test('a preview that cannot be had says so, keeps no save from being reviewed, and is there after a retry', async () => {
  const page = await openRules('operator', { 'POST /policy/impact': broken }, '/access/rules?tab=impact');
  fireEvent.keyDown(await rowOf('alpha'), { key: 'Delete' });
  expect(await screen.findByText('Not to be had')).toBeTruthy();
  const counts = { loses: 0, narrowed: 0, gains: 0, widened: 0, unaffected: 0 };
  const impact = {
    clients: { total: 1200, losing: 0, gaining: 0, unaffected: 1200 },
    totals: { subscription: counts, will: counts, publish: counts },
    losing: [],
    gaining: [],
    rules: [],
  };
  const job = { id: 'j1', revision: 7, done: 1200, total: 1200, startedAt: '2026-01-01T00:00:00Z', ms: 5, impact };
  page.routes['POST /policy/impact'] = () => ({ status: 201, body: { ...job, state: 'done' } });
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('1,200 clients')).toBeTruthy();
});

test.each(panels)('%s, while it is read, shows its shape beside the rules', async (_name, route, address, answer) => {
  let release = () => {};
  const wait = new Promise<void>((resolve) => (release = resolve));
  await openRules('viewer', { [route]: (request) => ({ ...answer(request), wait }) }, `/access/rules${address}`);
  await rowOf('alpha');
  const tool = screen.getByRole('complementary', { name: 'Tools' });
  await screen.findByText((_text, element) => element !== null && tool.contains(element) && isWaiting(element));
  release();
});

/** A skeleton, or the word that something is read. */
function isWaiting(element: Element): boolean {
  return element.getAttribute('aria-label') === 'Loading' || element.textContent === 'Reading that revision…';
}
