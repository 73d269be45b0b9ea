import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { PolicyWho } from '../../../shared/api/generated/types.gen.js';
import { openRules, rowOf } from '../testing/open-rules.js';

const address = '/access/rules?tab=who&topic=beta%2F%23&among=clients';

const part = {
  filter: 'beta/1',
  ruleId: 'beta',
  by: 'rule',
  exclusions: ['beta/1/x'],
  excludedBy: ['no'],
  example: 'beta/1',
};
const answer = {
  clients: [
    {
      identity: { clientId: 'pump-1', username: 'joy', address: null },
      extent: 'part',
      parts: [part],
      hasMoreParts: false,
    },
  ],
  counts: { all: 0, part: 3, none: 9 },
  rules: [],
} as const satisfies Record<keyof PolicyWho, unknown>;

test('who can reach a topic is answered with live clients: what each can reach, by which rule, and how many in all', async () => {
  const page = await openRules('viewer', { 'POST /policy/who': () => ({ body: answer }) }, address);
  await rowOf('beta');
  expect(await screen.findByText('0 can reach all of it, 3 a part, 9 nothing of it')).toBeTruthy();
  expect(screen.getByText('pump-1').closest('li')?.textContent).toBe('pump-1a partbeta/1Rule 2exceptbeta/1/x');
  expect(screen.getByText('and 2 more')).toBeTruthy();
  const asked = page.seen.find(({ route }) => route === 'POST /policy/who');
  expect(asked?.body).toMatchObject({ action: 'publish', filter: 'beta/#', rules: [{ id: 'alpha' }, {}, {}] });
});

test('an answer that cannot be had says why', async () => {
  const busy = {
    type: 'about:blank',
    title: 'Too many questions',
    status: 503,
    detail: 'Later',
    instance: 'r',
    code: 'unavailable',
  };
  await openRules('viewer', { 'POST /policy/who': () => ({ status: 503, body: busy }) }, address);
  expect(await screen.findByText('Too many questions')).toBeTruthy();
});
