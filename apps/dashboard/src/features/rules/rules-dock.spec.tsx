import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { openRules, order, policyOf, rowOf } from './testing/open-rules.js';
import { aRule, aTest, rulesNamed } from './testing/rule-factories.js';

const own = aRule({ id: 'own', access: 'sub', topics: ['toDevice/%c'] });

test('the simulator says which rule looks close, and why it is not', async () => {
  const address = '/access/rules?client=dev-1&action=subscribe&topic=toDevice%2F%2B';
  await openRules('viewer', { 'GET /policy': () => ({ body: policyOf([own]) }) }, address);
  expect(await screen.findByText('Denied')).toBeTruthy();
  expect(
    screen.getByText(/Rule 1 looks close: it allows “toDevice\/dev-1”, you asked “toDevice\/\+”, which is wider/),
  ).toBeTruthy();
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
