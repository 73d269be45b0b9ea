import { fireEvent, screen } from '@testing-library/react';
import { openPage, type Routes, type TestRole } from '../../../testing/open-page.js';
import type { SavedPolicy } from '../draft.js';
import { aSavedPolicy, rulesNamed } from './rule-factories.js';

let close = () => {};

/** A revision by ben as the server tells it. */
export const policyOf = (
  rules = rulesNamed('alpha', 'beta', 'gamma'),
  revision = 7,
  more: Partial<SavedPolicy> = {},
) => ({
  ...aSavedPolicy(rules, revision),
  author: 'ben',
  message: '',
  createdAt: '2026-01-01T00:00:00Z',
  overrideReason: null,
  endingSoon: [],
  ...more,
});

/** Takes whatever is saved as revision 8, which costs one client a subscription. */
export const saves: Routes[string] = ({ body }) => ({
  body: {
    ...policyOf((body as { rules: ReturnType<typeof rulesNamed> }).rules, 8),
    author: 'ana',
    lost: { total: 1, clients: 1, subscriptions: 1, narrowed: 0, wills: 0, items: [] },
  },
});

/** Opens the rules page against a server with these answers. */
export async function openRules(role: TestRole, routes: Routes = {}, address = '/access/rules') {
  const policy = () => ({ body: policyOf() });
  const clients = () => ({ body: { items: [], next: null, seq: 1, online: 0, offline: 0 } });
  const page = await openPage(role, address, {
    'GET /policy': policy,
    'GET /clients': clients,
    'GET /policy/hits': () => ({ body: { revision: 7, since: null, items: [] } }),
    'GET /policy/shadow': () => ({ body: { draft: null, rules: [] } }),
    ...routes,
  });
  close = page.close;
  return { ...page, puts: () => page.seen.filter(({ route }) => route.startsWith('PUT')) };
}

/** As leaving the page does. */
export function closeRules(): void {
  close();
  close = () => {};
}

/** The row of the rule that has this topic. */
export async function rowOf(topic: string): Promise<HTMLElement> {
  const row = (await screen.findAllByText(topic))[0]?.closest<HTMLElement>('[role="row"]');
  if (!row) throw new Error(`No row has the topic ${topic}`);
  return row;
}

/** The ids of the rules, from top to bottom. */
export function order(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('[role="row"][data-rule]')].map((row) => row.dataset['rule']);
}

/** Reviews the draft and saves it. */
export async function saveAll(): Promise<void> {
  fireEvent.keyDown(document.documentElement, { key: 's', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: /^Save \d/ }));
}
