import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { RestorePlan } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { anAdmin, aViewer, openApp } from '../../testing/open-app.js';

let close = () => {};
afterEach(() => close());

const admin = { ...anAdmin, permissions: [...anAdmin.permissions, 'backup:read', 'backup:write'] };

async function open(answers: Parameters<typeof openApp>[1], me = admin) {
  const app = await openApp('/settings/backup', answers, me);
  close = app.close;
  return app;
}

type Section = RestorePlan['sections'][number];

const aSection = (fields: Partial<Section> = {}): Section => ({
  name: 'users',
  create: 0,
  change: 1,
  remove: 0,
  leave: 0,
  unchanged: 3,
  items: [{ name: 'pump', outcome: 'change', changes: [{ field: 'note', before: 'a', after: 'b' }], note: null }],
  problems: [],
  problemCount: 0,
  ...fields,
});

const aPlan = (fields: Partial<RestorePlan> = {}): RestorePlan => ({
  plan: 'first',
  applied: false,
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'ben',
  perch: '0.1.0',
  broker: 'Plant 7',
  hasSecrets: true,
  isPossible: true,
  sections: [aSection()],
  ...fields,
});

const file = { format: 'perch-backup', version: 1, users: [], bans: [] };

function choose(text = JSON.stringify(file)) {
  const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
  fireEvent.change(input, { target: { files: [new File([text], 'backup.json')] } });
}

/** The button, once what it would do is known. */
const apply = (name: string) =>
  waitFor(() => {
    const button = screen.getByRole<HTMLButtonElement>('button', { name });
    expect(button.disabled).toBe(false);
    return button;
  });

test('a backup is one link, and says that it is a secret', async () => {
  await open({});
  const link = await screen.findByRole('link', { name: 'Download backup' });
  expect(link.getAttribute('href')).toMatch(/\/api\/v1\/backup\?secrets=true$/);
  expect(screen.getByText(/The file is a secret/)).toBeTruthy();
  fireEvent.click(screen.getByLabelText(/With the hashes/));
  expect(link.getAttribute('href')).toMatch(/secrets=false$/);
});

test('a file is looked at before anything of it is restored, as it is chosen, and exactly that is done', async () => {
  const sent: unknown[] = [];
  const { api } = await open({
    'POST /api/v1/backup/plan': ({ body }) => {
      sent.push(body);
      return { body: aPlan() };
    },
    'POST /api/v1/backup/restore': ({ body }) => {
      sent.push(body);
      return { body: aPlan({ applied: true }) };
    },
  });
  await screen.findByText('Restore');
  choose();
  expect(await screen.findByText(/Backup of Plant 7, taken .* by ben/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Users: one by one' }));
  expect((await screen.findByRole('row', { name: /pump/ })).textContent).toContain('note a → b');
  fireEvent.click(screen.getByRole('checkbox', { name: 'Bans' }));
  fireEvent.click(screen.getByLabelText('Remove it'));
  expect(api.asked).not.toContain('POST /api/v1/backup/restore');
  fireEvent.click(await apply('Restore 1 change'));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Restore' }));
  expect(await screen.findByText('The backup was restored')).toBeTruthy();
  expect(await screen.findByText('What was changed')).toBeTruthy();
  expect(sent).toEqual([
    { backup: file, mode: 'merge', disconnect: true },
    { backup: file, mode: 'merge', disconnect: true, sections: ['users'] },
    { backup: file, mode: 'replace', disconnect: true, sections: ['users'] },
    { backup: file, mode: 'replace', disconnect: true, sections: ['users'], plan: 'first' },
  ]);
});

test('what removes something asks for its number', async () => {
  await open({ 'POST /api/v1/backup/plan': { body: aPlan({ sections: [aSection({ remove: 12 })] }) } });
  await screen.findByText('Restore');
  choose();
  fireEvent.click(await apply('Restore 13 changes'));
  const dialog = within(await screen.findByRole('dialog'));
  const button = dialog.getByRole<HTMLButtonElement>('button', { name: 'Restore' });
  expect(button.disabled).toBe(true);
  fireEvent.change(dialog.getByRole('textbox'), { target: { value: '12' } });
  expect(button.disabled).toBe(false);
});

test('a plan that is old is made anew, and has to be looked at again', async () => {
  let plans = 0;
  await open({
    'POST /api/v1/backup/plan': () => ({ body: aPlan({ plan: `plan ${++plans}` }) }),
    'POST /api/v1/backup/restore': problem(412, 'plan-outdated', 'Look again.'),
  });
  await screen.findByText('Restore');
  choose();
  fireEvent.click(await apply('Restore 1 change'));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Restore' }));
  expect(await screen.findByText(/Something was changed since you looked/)).toBeTruthy();
  await waitFor(() => expect(plans).toBe(2));
});

test('everything that is wrong is said by its path, and nothing can be restored meanwhile', async () => {
  const problems = [{ path: 'users.3.labels.0', message: 'must be one word' }];
  const sections = [aSection({ problems, problemCount: 41 })];
  await open({ 'POST /api/v1/backup/plan': { body: aPlan({ isPossible: false, sections }) } });
  await screen.findByText('Restore');
  choose();
  expect((await screen.findByRole('row', { name: /users\.3\.labels\.0/ })).textContent).toContain('must be one word');
  expect(screen.getByText('40 more are not shown.')).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Restore 1 change' }).disabled).toBe(true);
});

test('access tests that fail can be overruled with a reason', async () => {
  const sent: unknown[] = [];
  const failing = aSection({
    name: 'policy',
    problems: [{ path: 'policy.tests.0', message: 'fails' }],
    problemCount: 1,
  });
  await open({
    'POST /api/v1/backup/plan': ({ body }) => {
      sent.push(body);
      return { body: aPlan({ isPossible: false, sections: [failing] }) };
    },
  });
  await screen.findByText('Restore');
  choose();
  const reason = await screen.findByLabelText(/although access tests fail/);
  fireEvent.change(reason, { target: { value: 'as it was' } });
  fireEvent.blur(reason);
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ overrideReason: 'as it was' }));
});

test('what is no JSON, and what the server refuses, is said; a viewer has no such page', async () => {
  await open({ 'POST /api/v1/backup/plan': problem(422, 'backup-unreadable', 'A newer Perch wrote this file.') });
  await screen.findByText('Restore');
  choose('{"format":');
  expect(await screen.findByText(/is not JSON/)).toBeTruthy();
  choose();
  expect(await screen.findAllByText('A newer Perch wrote this file.')).not.toEqual([]);
  close();
  await open({}, aViewer);
  expect(await screen.findByText(/lacks the permission backup:read/)).toBeTruthy();
});
