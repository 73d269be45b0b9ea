import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { openRules, order, policyOf, rowOf, saveAll, saves } from './testing/open-rules.js';
import { aRule, aTest, rulesNamed } from './testing/rule-factories.js';

const own = aRule({ id: 'own', access: 'sub', topics: ['toDevice/%c'] });

test('the simulator says which rule looks close, and why it is not', async () => {
  const address = '/access/rules?client=dev-1&action=subscribe&topic=toDevice%2F%2B';
  await openRules('viewer', { 'GET /policy': () => ({ body: policyOf([own]) }) }, address);
  const nearMiss = /Rule 1 looks close: it allows “toDevice\/dev-1”, you asked “toDevice\/\+”, which is wider/;
  expect(await screen.findByText(nearMiss)).toBeTruthy();
});

test('draft and saved rules that answer otherwise stand side by side', async () => {
  await openRules('operator', {}, '/access/rules?client=dev-1&topic=beta');
  expect(await screen.findByText('Allowed')).toBeTruthy();
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  const answers = await screen.findByRole('group', { name: 'Answers' });
  expect(await within(answers).findByText('By the saved rules')).toBeTruthy();
  expect([...answers.querySelectorAll('strong')].map(({ textContent }) => textContent)).toEqual(['Denied', 'Allowed']);
});

test('the simulator asks a revision that is named in the address, with the labels of the client', async () => {
  const old = policyOf([aRule({ id: 'old', subject: 'label', value: 'pump', topics: ['x'] })], 3);
  const routes = { 'GET /policy/revisions/3': () => ({ body: old }) };
  await openRules('viewer', routes, '/access/rules?client=dev-1&labels=pump&topic=x&against=3');
  const answers = await screen.findByRole('group', { name: 'Answers' });
  expect(within(answers).getByText('Revision 3')).toBeTruthy();
  expect([...answers.querySelectorAll('strong')].map(({ textContent }) => textContent)).toEqual(['Allowed', 'Denied']);
});

test('an answer saved as access test turns red as soon as the draft says otherwise', async () => {
  await openRules('operator', {}, '/access/rules?client=dev-1&topic=beta');
  fireEvent.click(await screen.findByRole('button', { name: 'Save as access test' }));
  expect(await screen.findByText('All 1 pass')).toBeTruthy();
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  expect(await screen.findByText('1 of 1 fail')).toBeTruthy();
  fireEvent.keyDown(document.documentElement, { key: 'z', ctrlKey: true });
  expect(await screen.findByText('All 1 pass')).toBeTruthy();
});

test('an access test that asks for nothing is not taken', async () => {
  await openRules('operator', {}, '/access/rules?tab=tests');
  fireEvent.click(await screen.findByRole('button', { name: 'Add access test' }));
  fireEvent.click(within(await screen.findByRole('form', { name: 'Access test' })).getByText('Done'));
  expect(await screen.findByText('The test names no client id.')).toBeTruthy();
  expect(screen.getByText('The test names no topic.')).toBeTruthy();
});

test('a viewer sees the access tests and why one fails, and changes none', async () => {
  const body = policyOf(rulesNamed('alpha'), 7, { tests: [aTest({ topic: 'beta' })] });
  await openRules('viewer', { 'GET /policy': () => ({ body }) }, '/access/rules?tab=tests');
  expect(await screen.findByText('1 of 1 fail')).toBeTruthy();
  expect(screen.getByText(/no rule applies/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Edit:/ })).toBeNull();
});

/** Deletes alpha, while somebody else saves these rules as revision 8. */
async function meanwhile(theirs: ReturnType<typeof rulesNamed>) {
  const page = await openRules('operator', {
    'PUT /policy': () => ({ status: 412, body: { title: 'Changed', current: 8 } }),
  });
  fireEvent.keyDown(await rowOf('alpha'), { key: 'Delete' });
  page.routes['GET /policy'] = () => ({ body: policyOf(theirs, 8) });
  fireEvent.keyDown(document.documentElement, { key: 's', ctrlKey: true });
  fireEvent.click(await screen.findByRole('button', { name: /^Save \d/ }));
  await screen.findByText('Rev 8 by ben was saved meanwhile');
}

test('what somebody else saved meanwhile is merged into the draft', async () => {
  await meanwhile(rulesNamed('alpha', 'beta', 'gamma', 'omega'));
  fireEvent.click(screen.getByRole('button', { name: 'Merge' }));
  expect(order()).toEqual(['beta', 'gamma', 'omega']);
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
});

test('where both changed the same rule, one of the versions is chosen', async () => {
  await meanwhile([aRule({ id: 'alpha', topics: ['alpha', 'more'] }), ...rulesNamed('beta', 'gamma')]);
  fireEvent.click(screen.getByRole('button', { name: 'Merge…' }));
  expect(await screen.findByText('Conflict 1 of 1')).toBeTruthy();
  const merge = screen.getByRole<HTMLButtonElement>('button', { name: 'Merge into my draft' });
  expect(merge.disabled).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: 'Take theirs' }));
  fireEvent.click(merge);
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
  expect(await screen.findByText('All changes saved')).toBeTruthy();
});

test('a proposed rule is shown with its place, and inserted there', async () => {
  const body = policyOf([...rulesNamed('alpha'), aRule({ id: 'no', effect: 'deny', topics: ['x/#'] })]);
  const address = '/access/rules?client=dev-1&topic=x%2F1&propose=allow';
  await openRules('operator', { 'GET /policy': () => ({ body }) }, address);
  const dialog = await screen.findByRole('dialog', { name: 'A rule that allows this' });
  expect(within(dialog).getByText(/At position 2 of 3/)).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Insert proposal 1' }));
  expect(order()).toHaveLength(3);
  expect([order()[0], order()[2]]).toEqual(['alpha', 'no']);
  expect(await screen.findByText('Allowed')).toBeTruthy();
});

test('a fix is one edit, and is taken back as one', async () => {
  const body = policyOf([...rulesNamed('alpha'), aRule({ id: 'again', topics: ['alpha'] })]);
  await openRules('operator', { 'GET /policy': () => ({ body }) }, '/access/rules?tab=problems');
  fireEvent.click(await screen.findByRole('button', { name: /^Remove it/ }));
  expect(order()).toEqual(['alpha']);
  fireEvent.keyDown(document.documentElement, { key: 'z', ctrlKey: true });
  expect(order()).toEqual(['alpha', 'again']);
});

test('a failing access test keeps everybody but an admin with a reason from saving', async () => {
  const body = policyOf(rulesNamed('alpha', 'beta'), 7, { tests: [aTest({ topic: 'beta' })] });
  const routes = { 'GET /policy': () => ({ body }), 'PUT /policy': saves };
  const page = await openRules('admin', routes);
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  fireEvent.keyDown(document.documentElement, { key: 's', ctrlKey: true });
  expect(await screen.findByText('1 access test fails')).toBeTruthy();
  const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save 1 change' });
  expect(save.disabled).toBe(true);
  fireEvent.change(screen.getByLabelText(/Save it all the same/), { target: { value: 'beta is gone' } });
  fireEvent.click(screen.getByLabelText('Disconnect their clients'));
  fireEvent.click(save);
  expect(await screen.findByText(/Rev 8 is live/)).toBeTruthy();
  expect(page.puts()[0]?.body).toMatchObject({ existing: 'disconnect', overrideReason: 'beta is gone' });
});

test('many rules are disabled at once, and pasted lines become rules', async () => {
  await openRules('operator');
  fireEvent.keyDown(await rowOf('alpha'), { key: 'x' });
  fireEvent.keyDown(await rowOf('gamma'), { key: 'X', shiftKey: true });
  const bar = await screen.findByRole('toolbar', { name: 'Selected rules' });
  expect(within(bar).getByText('3 rules selected')).toBeTruthy();
  fireEvent.click(within(bar).getByText('Disable'));
  expect(document.querySelectorAll('[role="row"][data-off="true"]').length).toBe(3);
  const grid = screen.getByRole('grid', { name: /Access rules/ });
  const clipboardData = { getData: () => 'deny username joy pubsub secret/#' };
  fireEvent.paste(grid, { clipboardData });
  expect(order()).toHaveLength(4);
  fireEvent.paste(grid, { clipboardData: { getData: () => 'no rule at all' } });
  expect(await screen.findByText('These are no acl.conf lines')).toBeTruthy();
  expect(order()).toHaveLength(4);
});

test('the reverse search names whom the rules let there, and what a client can reach', async () => {
  const body = policyOf([aRule({ id: 'j', subject: 'username', value: 'joy', topics: ['secret/#'] }), own]);
  await openRules('viewer', { 'GET /policy': () => ({ body }) }, '/access/rules?tab=who&topic=secret%2Fkeys');
  const rules = await screen.findByRole('region', { name: 'By the rules of the draft' });
  expect(rules.textContent).toContain('joy');
  fireEvent.click(screen.getByText('What a client can reach'));
  fireEvent.click(within(screen.getByRole('radiogroup', { name: 'Can' })).getByText('Subscribe'));
  fireEvent.change((await screen.findAllByLabelText('As client'))[0]!, { target: { value: 'dev-9' } });
  expect((await screen.findByRole('region', { name: 'It can reach' })).textContent).toContain('toDevice/dev-9');
});

test('the history compares two revisions and puts an old one into the draft', async () => {
  const entry = {
    author: 'ben',
    message: '',
    createdAt: '2026-01-01T00:00:00Z',
    overrideReason: null,
    rules: 1,
    tests: 0,
  };
  const items = [7, 6].map((revision) => ({ ...entry, revision }));
  await openRules(
    'operator',
    {
      'GET /policy/revisions': () => ({ body: { items, next: null } }),
      'GET /policy/revisions/7': () => ({ body: policyOf() }),
      'GET /policy/revisions/6': () => ({ body: policyOf(rulesNamed('alpha', 'old'), 6) }),
    },
    '/access/rules?tab=history',
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Compare revision 7' }));
  const region = await screen.findByRole('region', { name: 'Differences' });
  expect((await within(region).findAllByText('Added')).length).toBe(2);
  fireEvent.click(screen.getByRole('button', { name: 'More for revision 6' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Restore…' }));
  await waitFor(() => expect(order()).toEqual(['alpha', 'old']));
});

const nobody = { loses: 0, narrowed: 0, gains: 0, widened: 0, unaffected: 0 };
const change = { subject: 'subscription', kind: 'loses', topic: 'beta', before: 'beta', after: null, cause: 'beta' };

/** A preview in which so many of so many clients lose a subscription. */
function previewOf(losing: number, total: number) {
  const client = { identity: { clientId: 'dev-1', username: 'joy', address: null } };
  const impact = {
    clients: { total, losing, gaining: 0, unaffected: total - losing },
    totals: { subscription: { ...nobody, loses: losing }, will: nobody, publish: nobody },
    losing: [{ ...client, changes: [{ ...change, excluded: [], readmitted: [] }], count: 1 }],
    gaining: [],
    rules: [{ ruleId: 'beta', counts: { loses: losing, narrowed: 0, gains: 0, widened: 0 }, clients: losing }],
  };
  const job = { id: 'j1', revision: 7, done: 0, total, startedAt: '2026-01-01T00:00:00Z', ms: null, impact: null };
  return {
    'POST /policy/impact': () => ({ status: 201, body: { ...job, state: 'running' } }),
    'GET /policy/impact/j1': () => ({ body: { ...job, state: 'done', done: total, ms: 5, impact } }),
  };
}

test('the preview tells by itself what connected clients lose, and by which rule', async () => {
  await openRules('operator', previewOf(1, 40), '/access/rules?tab=impact');
  expect(await screen.findByText('Nothing changes')).toBeTruthy();
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  const losing = await screen.findByRole('list', { name: 'Loses' });
  expect(losing.textContent).toContain('rule 2 → default');
  expect(within(losing).getByRole('link', { name: 'dev-1' }).getAttribute('href')).toBe('/clients?c=dev-1');
  expect(within(losing).getByRole('link', { name: 'Explain subscribe beta for dev-1' }).getAttribute('href')).toContain(
    'topic=beta',
  );
  fireEvent.click(screen.getByText('By rule'));
  expect((await screen.findByRole('list', { name: 'By rule' })).textContent).toContain('takes 1, gives 0, of 1 client');
});

test('a save that cuts off more than one client in twenty wants their number typed', async () => {
  const page = await openRules('operator', { ...previewOf(5, 40), 'PUT /policy': saves });
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  await saveAll();
  const field = await screen.findByLabelText(/^This takes something from 5 of 40 clients that have a session/);
  expect(page.puts()).toEqual([]);
  fireEvent.change(field, { target: { value: '5' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save 1 change' }));
  expect(await screen.findByText(/Rev 8 is live/)).toBeTruthy();
});
