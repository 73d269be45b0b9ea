import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { closeRules, openRules, order, policyOf, rowOf, saveAll, saves } from './testing/open-rules.js';
import { aRule, rulesNamed } from './testing/rule-factories.js';

test('a rule moved by keys is announced, keeps the focus, and reaches nobody', async () => {
  const { puts } = await openRules('operator');
  const row = await rowOf('gamma');
  row.focus();
  fireEvent.keyDown(row, { key: 'ArrowUp', altKey: true });
  expect(order()).toEqual(['alpha', 'gamma', 'beta']);
  expect(await screen.findByText('Rule 3 moved to position 2 of 3')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(row));
  expect(screen.getByText('1 unsaved change')).toBeTruthy();
  expect(puts()).toEqual([]);
});

test('a deleted rule comes back with Undo', async () => {
  await openRules('operator');
  fireEvent.keyDown(await rowOf('beta'), { key: 'Delete' });
  expect(order()).toEqual(['alpha', 'gamma']);
  fireEvent.click(within(await screen.findByRole('alert')).getByText('Undo'));
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
});

test('an edited rule is saved on top of its revision, and told with what it dropped', async () => {
  const { puts } = await openRules('operator', { 'PUT /policy': saves });
  fireEvent.keyDown(await rowOf('beta'), { key: 'Enter' });
  const form = await screen.findByRole('form', { name: 'Rule 2' });
  const topics = within(form).getByLabelText('Topics');
  fireEvent.change(topics, { target: { value: 'delta' } });
  fireEvent.keyDown(topics, { key: 'Enter' });
  fireEvent.keyDown(topics, { key: 'Enter' });
  await saveAll();
  expect(await screen.findByText('Rev 8 is live, 1 subscription of 1 client dropped')).toBeTruthy();
  const [put] = puts();
  expect(put?.headers['if-match']).toBe('"7"');
  expect(put?.body).toMatchObject({
    rules: [{ id: 'alpha' }, { id: 'beta', topics: ['beta', 'delta'] }, { id: 'gamma' }],
  });
});

test('Escape in a new rule leaves nothing behind', async () => {
  await openRules('operator');
  await rowOf('alpha');
  fireEvent.keyDown(document.body, { key: 'n' });
  fireEvent.keyDown(within(await screen.findByRole('form', { name: 'Rule 4' })).getByLabelText('Value'), {
    key: 'Escape',
  });
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
  expect(screen.getByText('All changes saved')).toBeTruthy();
});

test('a save by somebody else meanwhile keeps the draft and offers both ways on', async () => {
  const page = await openRules('operator', {
    'PUT /policy': () => ({ status: 412, body: { title: 'Changed', current: 8 } }),
  });
  fireEvent.keyDown(await rowOf('alpha'), { key: 'Delete' });
  page.routes['GET /policy'] = () => ({ body: policyOf(rulesNamed('alpha', 'beta', 'gamma', 'omega'), 8) });
  await saveAll();
  expect(await screen.findByText('Rev 8 by ben was saved meanwhile')).toBeTruthy();
  expect(order()).toEqual(['beta', 'gamma']);
  fireEvent.click(screen.getByText('Drop my draft and reload'));
  expect(order()).toEqual(['alpha', 'beta', 'gamma', 'omega']);
});

test('a draft survives a reload', async () => {
  await openRules('operator');
  fireEvent.keyDown(await rowOf('alpha'), { key: 'Delete' });
  await waitFor(() => expect(localStorage.getItem('perch-rules-draft:o1')).not.toBeNull());
  closeRules();
  await openRules('operator');
  await rowOf('beta');
  expect(order()).toEqual(['beta', 'gamma']);
});

test('a rule that is not valid keeps the draft from being saved', async () => {
  await openRules('operator', { 'GET /policy': () => ({ body: policyOf([aRule({ id: 'bad', topics: ['a/#/b'] })]) }) });
  fireEvent.keyDown(await rowOf('a/#/b'), { key: ' ' });
  fireEvent.keyDown(document.documentElement, { key: 's', ctrlKey: true });
  const save = await screen.findByRole<HTMLButtonElement>('button', { name: /^Save \d/ });
  await waitFor(() => expect(save.disabled).toBe(true));
  expect(screen.getByText('One problem has to be solved first.')).toBeTruthy();
});

test('the access test names the rule that decides and marks it', async () => {
  await openRules('operator', {}, '/access/rules?client=dev-1&topic=beta');
  expect(await screen.findByText('Allowed')).toBeTruthy();
  expect((await rowOf('beta')).dataset['deciding']).toBe('true');
});

test('a viewer reads the rules and can change none', async () => {
  await openRules('viewer');
  const row = await rowOf('alpha');
  fireEvent.keyDown(row, { key: 'Delete' });
  fireEvent.keyDown(row, { key: 'Enter' });
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
  expect(screen.queryByRole('form')).toBeNull();
  expect(screen.getByText(/needs policy:write/)).toBeTruthy();
});

test('no rules: says what that means and offers templates', async () => {
  await openRules('operator', { 'GET /policy': () => ({ body: policyOf([]) }) });
  expect(await screen.findByText('No rules: everything is denied')).toBeTruthy();
  fireEvent.click(screen.getByText('Own topics'));
  expect(order().length).toBe(2);
});

test('rules that cannot be fetched say why', async () => {
  await openRules('operator', {
    'GET /policy': () => ({ status: 403, body: { title: 'Not permitted', detail: 'Needs policy:read' } }),
  });
  expect(await screen.findByText('Needs policy:read')).toBeTruthy();
});
