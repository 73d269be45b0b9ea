import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { RuleHits } from '../../shared/api/generated/types.gen.js';
import { openRules, rowOf } from './testing/open-rules.js';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

const hitsOf = (items: RuleHits[], since = daysAgo(34.5)) => ({
  'GET /policy/hits': () => ({ body: { revision: 7, since, items } }),
});
const busy = { ruleId: 'alpha', day: 1200, week: 5000, lastAt: daysAgo(0) };

/** Rules that say what they say since then. */
const blameOf = (changed: Record<string, string>) => ({
  'GET /policy/blame': () => ({
    body: {
      revision: 7,
      searchedTo: 1,
      items: Object.entries(changed).map(([ruleId, createdAt]) => {
        const origin = { revision: 2, author: 'ben', message: '', createdAt };
        return { ruleId, created: origin, changed: origin };
      }),
    },
  }),
});

test('each rule says how often it decided in the last day, and when last, or that it never did', async () => {
  const quiet = { ruleId: 'beta', day: 0, week: 3, lastAt: daysAgo(2.5) };
  const never = { ruleId: 'gamma', day: 0, week: 0, lastAt: null };
  await openRules('viewer', hitsOf([busy, quiet, never], daysAgo(3)));
  expect(await within(await rowOf('alpha')).findByText('1,200')).toBeTruthy();
  expect((await rowOf('alpha')).querySelector('[style*="--hits: 1200"]')).not.toBeNull();
  const zero = within(await rowOf('beta')).getByTitle(/^last hit 2 days ago \(/);
  expect(zero.textContent).toMatch(/^0, last hit/);
  expect(within(await rowOf('gamma')).getByText('never')).toBeTruthy();
});

test('a rule that decided nothing in 30 days is a problem; one that was changed since, or is used, is none', async () => {
  const items = [busy, ...['beta', 'gamma'].map((ruleId) => ({ ruleId, day: 0, week: 0, lastAt: null }))];
  const blame = blameOf({ alpha: daysAgo(90), beta: daysAgo(90), gamma: daysAgo(3) });
  await openRules('viewer', { ...hitsOf(items), ...blame });
  expect(await within(await rowOf('beta')).findByText('It decided nothing in 34 days.')).toBeTruthy();
  expect(screen.getAllByText(/decided nothing/)).toHaveLength(1);
});

test('rules are not called unused before hits were counted for 30 days', async () => {
  const never = { ruleId: 'beta', day: 0, week: 0, lastAt: null };
  const page = await openRules('viewer', { ...hitsOf([never], daysAgo(12)), ...blameOf({ beta: daysAgo(90) }) });
  await within(await rowOf('beta')).findByText('never');
  expect(page.seen.map(({ route }) => route)).not.toContain('GET /policy/blame');
  expect(screen.queryByText(/decided nothing/)).toBeNull();
});
