import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { PolicySettings } from '@perch/policy';
import { openRules, order, policyOf, rowOf } from '../testing/open-rules.js';

const kept: Blob[] = [];
beforeEach(() => {
  kept.length = 0;
  const createObjectURL = (blob: Blob) => `blob:${kept.push(blob)}`;
  vi.stubGlobal('URL', Object.assign(class extends URL {}, { createObjectURL, revokeObjectURL: () => {} }));
});

async function openImport(text: string, settings: Partial<PolicySettings> = {}) {
  const saved = { settings: { noMatch: 'deny', wildcardOverlap: 'exclude', ...settings } } as const;
  const page = await openRules('operator', { 'GET /policy': () => ({ body: policyOf(undefined, 7, saved) }) });
  await rowOf('alpha');
  fireEvent.click(screen.getByRole('button', { name: 'Import' }));
  const dialog = await screen.findByRole('dialog', { name: 'Import rules' });
  const field = await within(dialog).findByLabelText('The file');
  const box = within(dialog);
  const type = (value: string) => fireEvent.change(field, { target: { value } });
  type(text);
  return { ...page, box, type, isChosen: (name: string) => box.getByRole<HTMLInputElement>('radio', { name }).checked };
}

const applyButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Put into the draft' });

async function apply(): Promise<void> {
  await waitFor(() => expect(applyButton().disabled).toBe(false));
  fireEvent.click(applyButton());
  await screen.findByText(/Nothing is live before you save/);
}

const dynsec = (more: object = {}) =>
  JSON.stringify({
    defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
    roles: [{ rolename: 'pump', acls: [{ acltype: 'publishClientSend', topic: 'toCloud/#', allow: true }] }],
    clients: [
      {
        ...{ username: 'joy', roles: [{ rolename: 'pump' }] },
        ...{ password: `${'A'.repeat(86)}==`, salt: 'c2FsdA==', iterations: 101 },
      },
      { username: 'ann' },
    ],
    ...more,
  });

test('every error of an acl.conf is listed, and nothing is put into the draft', async () => {
  const { box } = await openImport('allow clientid\n\nfoo bar 1 a');
  expect(await box.findByText(/Line 1, column/)).toBeTruthy();
  expect(box.getAllByText(/Line 3, column/).length).toBeGreaterThan(0);
  expect(applyButton().disabled).toBe(true);
});

test('a file that makes more rules than can be saved says so, counts those that stay, and does not get into the draft', async () => {
  const { box, type } = await openImport('allow username joy 3 a\n'.repeat(5000));
  await waitFor(() => expect(applyButton().disabled).toBe(false));
  fireEvent.click(box.getByRole('radio', { name: 'At the bottom' }));
  expect(
    within(await box.findByRole('alert')).getByText(/^These would be 5,00\d rules: at most 5,000 can be saved$/),
  ).toBeTruthy();
  expect(applyButton().disabled).toBe(true);
  type('allow username joy 3 a');
  await waitFor(() => expect(applyButton().disabled).toBe(false));
  expect(box.queryByRole('alert')).toBeNull();
});

test('more errors than fit are shown on demand, to the last', async () => {
  const { box } = await openImport('foo\n'.repeat(201));
  const list = await box.findByRole('list', { name: /problems in the file/ });
  expect(within(list).queryByText('Line 201, column 1')).toBeNull();
  for (let more = true; more; more = box.queryByText(/^Show \d+ more$/) !== null)
    fireEvent.click(box.getByText(/^Show \d+ more$/));
  expect(within(list).getAllByText('Line 201, column 1').length).toBeGreaterThan(0);
});

test('the digits of an acl.conf are read as chosen', async () => {
  const { box } = await openImport('allow username joy 1 new');
  const preview = () => box.findByRole('list', { name: '1 rule' });
  expect(within(await preview()).getByText('Publish')).toBeTruthy();
  fireEvent.click(box.getByLabelText('1 = subscribe, 2 = publish'));
  await waitFor(async () => expect(within(await preview()).getByText('Subscribe')).toBeTruthy());
});

test('an acl_file is told apart, and what differs in meaning is shown with its example before it is applied', async () => {
  const { box, isChosen, puts } = await openImport('user joy\ntopic read new/#\ntopic deny new/secret\n');
  expect(isChosen('Mosquitto acl_file')).toBe(true);
  expect(box.queryByText('The digits 1 and 2 mean')).toBeNull();
  const remarks = await box.findByRole('list', { name: /things to know before/ });
  const [first, ...others] = within(remarks).getAllByRole('listitem');
  expect(first?.textContent).toMatch(
    /^DiffersMosquitto accepts every subscription.*client client of user joy subscribes to #There: AllowHere: Deny$/,
  );
  expect(others.at(-1)?.textContent).toMatch(/^Means the same.*line 3$/);
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
  await apply();
  expect(order()).toHaveLength(2);
  expect(puts()).toEqual([]);
});

test.each([
  ['At the top', 0],
  ['At the bottom', 3],
])('%s: the rules that are there stay, and one Undo takes the import back', async (name, at) => {
  const { box } = await openImport('user joy\ntopic read new/#');
  fireEvent.click(box.getByLabelText(name));
  await apply();
  expect(order().toSpliced(at, 1)).toEqual(['alpha', 'beta', 'gamma']);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
});

test('settings that a file implies come with it, and one Undo takes both back', async () => {
  const { box } = await openImport('topic read new/#', { noMatch: 'allow' });
  const settings = await box.findByRole<HTMLInputElement>('checkbox', { name: 'Take over what the file implies' });
  expect(settings.checked).toBe(true);
  expect(box.getByText(/^everything else is denied\. The draft says otherwise/)).toBeTruthy();
  await apply();
  const end = () => screen.getByText('Everything else').closest('[role="row"]')?.textContent;
  expect(end()).toContain('Deny');
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(end()).toContain('Allow');
  expect(order()).toEqual(['alpha', 'beta', 'gamma']);
});

test('settings stay as they are where rules are added, or are an acl.conf, unless they are asked for', async () => {
  const { box, type } = await openImport('topic read new/#', { noMatch: 'allow' });
  const checked = async () => (await box.findByRole<HTMLInputElement>('checkbox')).checked;
  fireEvent.click(box.getByLabelText('At the top'));
  expect(await checked()).toBe(false);
  fireEvent.click(box.getByLabelText('In place of all'));
  type('allow username joy 3 new/#');
  await waitFor(async () => expect(await checked()).toBe(false));
  await apply();
  expect(screen.getByText('Everything else').closest('[role="row"]')?.textContent).toContain('Allow');
});

test('users of a dynamic-security.json are counted, and handed over as a file for the Users page', async () => {
  const { box, isChosen } = await openImport(dynsec());
  expect(isChosen('dynamic-security.json')).toBe(true);
  expect(await box.findByText('2 users in the file')).toBeTruthy();
  expect(box.getByText(/^1 of them has no password/)).toBeTruthy();
  const link = box.getByRole('link', { name: /Users page/ });
  expect(link.getAttribute('href')).toBe('/access/users?new=import');
  fireEvent.click(box.getByRole('button', { name: 'Download CSV of 1 user' }));
  expect(await kept[0]?.text()).toMatch(/^username,password_hash,.*\r\njoy,\$7\$101\$.*,pump,$/);
  await apply();
  expect((await rowOf('toCloud/#')).textContent).toContain('label pump');
});

test('every error of a dynamic-security.json is listed with its place in the document', async () => {
  const { box, type } = await openImport(dynsec({ anonymousGroup: 'none', clients: [{ roles: [{ rolename: 'x' }] }] }));
  for (const place of ['anonymousGroup', 'clients[0].username', 'clients[0].roles[0].rolename'])
    expect(await box.findByText(place)).toBeTruthy();
  expect(applyButton().disabled).toBe(true);
  type('{');
  expect(await box.findByText('The document')).toBeTruthy();
});

test('a format that was chosen is used, whatever the text looks like', async () => {
  const { box } = await openImport('user joy\ntopic read new/#');
  fireEvent.click(box.getByLabelText('acl.conf'));
  expect(await box.findAllByText('Line 1, column 1')).not.toEqual([]);
});
