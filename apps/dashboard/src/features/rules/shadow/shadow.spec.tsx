import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { PolicyShadow, PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';
import { problem } from '../../../testing/api-server.js';
import { policyInput } from '../policy-input.js';
import { openRules, order, policyOf, rowOf } from '../testing/open-rules.js';
import { aContent, rulesNamed } from '../testing/rule-factories.js';

const address = '/access/rules?tab=shadow';
const none: PolicyShadow = { draft: null, rules: [] };
const startedAt = '2026-01-02T00:00:00Z';

const judged = (basedOn = 7): PolicyShadow => ({
  draft: {
    author: 'ben',
    note: 'stricter',
    startedAt,
    basedOn,
    settings: { noMatch: 'deny', wildcardOverlap: 'exclude' },
    rules: policyInput(aContent(rulesNamed('alpha', 'omega'))).rules,
  },
  rules: [],
});

const counts = { refused: 3, allowed: 2, narrowed: 1, widened: 0 };

const report: PolicyShadowReport = {
  since: startedAt,
  totals: counts,
  rules: [
    { ruleId: null, refused: 3, allowed: 0, narrowed: 1, widened: 0 },
    { ruleId: 'omega', refused: 0, allowed: 2, narrowed: 0, widened: 0 },
  ],
  clients: [{ clientId: 'pump-1', ...counts }],
  clientCount: 5,
  items: [
    {
      clientId: 'pump-1',
      username: 'joy',
      address: '10.0.0.7',
      labels: ['field', 'north'],
      action: 'subscribe',
      topic: 'beta/#',
      change: 'refused',
      ruleId: null,
      liveRuleId: 'beta',
      count: 3,
      lastAt: startedAt,
    },
  ],
  omitted: 0,
};

const routesOf = (shadow: PolicyShadow) => ({
  'GET /policy/shadow': () => ({ body: shadow }),
  'GET /policy/shadow/report': () => ({ body: report }),
});

test('a draft is judged in shadow with a note, and every page of the rules says so from then on', async () => {
  const page = await openRules(
    'operator',
    { ...routesOf(none), 'PUT /policy/shadow': () => ({ body: judged() }) },
    address,
  );
  const start = (await screen.findByText('Judge my draft in shadow')).closest('button');
  expect(start?.getAttribute('aria-disabled')).toBe('true');
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  fireEvent.change(screen.getByLabelText('Note'), { target: { value: 'stricter' } });
  page.routes['GET /policy/shadow'] = () => ({ body: judged() });
  fireEvent.click(screen.getByText('Judge my draft in shadow'));
  expect(await screen.findByText(/By ben.*based on revision 7: stricter.*6 differences so far/)).toBeTruthy();
  expect(page.puts()[0]?.body).toMatchObject({ note: 'stricter', rules: [{ id: 'alpha' }, { id: 'gamma' }] });
  expect(order()).toEqual(['alpha', 'gamma']);
});

test('the report tells by rule, by client and one by one what would be refused, with the way to the simulator', async () => {
  const hasLeft = { 'GET /clients/pump-1': () => problem(404, 'not-found', 'It has left.') };
  const page = await openRules('viewer', { ...routesOf(judged()), ...hasLeft }, address);
  const rules = within((await screen.findByText('The default')).closest('ul')!);
  expect(rules.getByText('Rule 2 of the shadow')).toBeTruthy();
  expect(rules.getByText('2 allowed')).toBeTruthy();
  fireEvent.click(screen.getByText('By client'));
  expect(await screen.findByText('and 4 more')).toBeTruthy();
  expect(screen.getByText('3 refused')).toBeTruthy();
  fireEvent.click(screen.getByLabelText('Explain subscribe beta/# for pump-1'));
  expect(await screen.findByDisplayValue('beta/#')).toBeTruthy();
  expect(screen.getByDisplayValue('joy')).toBeTruthy();
  expect(screen.getByDisplayValue('10.0.0.7')).toBeTruthy();
  expect(screen.getByText('north')).toBeTruthy();
  // As the client that is live: what it brought along counts.
  await waitFor(() => expect(page.seen.map(({ route }) => route)).toContain('GET /clients/pump-1'));
});

test('a viewer reads the report and can neither stop the shadow nor take it', async () => {
  await openRules('viewer', routesOf(judged()), address);
  for (const name of ['Stop', 'Make it the draft']) {
    expect((await screen.findByText(name)).closest('button')?.getAttribute('aria-disabled')).toBe('true');
  }
  expect(screen.queryByText(/^Judge my draft/)).toBeNull();
});

test('the shadow is stopped after a question', async () => {
  const page = await openRules(
    'operator',
    { ...routesOf(judged()), 'DELETE /policy/shadow': () => ({ status: 204 }) },
    address,
  );
  fireEvent.click(await screen.findByText('Stop'));
  page.routes['GET /policy/shadow'] = () => ({ body: none });
  fireEvent.click(await screen.findByText('Stop the shadow'));
  expect(await screen.findByText('No draft is judged in shadow')).toBeTruthy();
  expect(page.seen.map(({ route }) => route)).toContain('DELETE /policy/shadow');
});

test('what is judged becomes the draft; what was saved since it began is merged, not undone', async () => {
  const routes = {
    ...routesOf(judged(6)),
    'GET /policy/revisions/6': () => ({ body: policyOf(rulesNamed('alpha', 'beta'), 6) }),
  };
  await openRules('operator', routes, address);
  fireEvent.click(await screen.findByText('Make it the draft'));
  await screen.findByText('Rev 7 by ben was saved meanwhile');
  expect(order()).toEqual(['alpha', 'omega']);
  fireEvent.click(screen.getByRole('button', { name: 'Merge' }));
  expect(order().toSorted()).toEqual(['alpha', 'gamma', 'omega']);
});

test('a report that cannot be had says why', async () => {
  const routes = {
    ...routesOf(judged()),
    'GET /policy/shadow/report': () => ({ status: 500, body: { title: 'Broken' } }),
  };
  await openRules('viewer', routes, address);
  expect(await screen.findByText('Broken', {}, { timeout: 15_000 })).toBeTruthy();
});
