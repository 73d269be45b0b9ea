import { expect, test } from 'vitest';
import { picture, useBrowser } from '../support/browser.js';
import { goTo, logIn, signIn, visit } from '../support/dashboard.js';
import { expectLooksRight } from '../support/looks-right.js';
import { adminPassword } from '../support/perch-server.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const VIEWER = { name: 'vera', password: 'a password that vera keeps' };

const perch = useServer({}, async ({ admin }) => {
  await admin.ok('POST', '/operators', { ...VIEWER, role: 'viewer' });
});
const browser = useBrowser();

test('who is not signed in is asked to log in, and then is where they wanted to be', async () => {
  const page = await browser.open();
  await page.goto(`${perch.server.url}/access/users?q=pump`);
  await page.getByLabel('Operator').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill(adminPassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  expect(new URL(page.url()).search).toBe('?q=pump');
});

test('a wrong password is told without saying which part was wrong, and the right one still works', async () => {
  const page = await browser.open();
  await page.goto(`${perch.server.url}/login`);
  await page.getByLabel('Operator').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor();
  await picture(page, 'login-wrong');
  await page.getByLabel('Password', { exact: true }).fill(adminPassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('too many wrong passwords are slowed down, with a countdown', async () => {
  const page = await browser.open();
  await page.goto(`${perch.server.url}/login`);
  await page.getByLabel('Operator').fill('mallory');
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.getByLabel('Password', { exact: true }).fill(`guess number ${attempt}`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/login'));
    await page.getByRole('button', { name: 'Log in' }).click();
    await answered;
  }
  await page.getByRole('button', { name: /^Try again in \d+ s$/ }).waitFor();
  await page.getByText('Too many attempts.').waitFor();
  await picture(page, 'login-throttled');
});

test('after logging out nothing is shown any more, also not by going back', async () => {
  const page = await browser.open();
  await logIn(page, perch.server);
  await goTo(page, 'Users');
  await page.getByRole('button', { name: 'Account of admin' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.goto(`${perch.server.url}/clients`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test('a viewer sees what a viewer may see, and is told why a page is not for them', async () => {
  const page = await browser.open();
  await logIn(page, perch.server, VIEWER.name, VIEWER.password);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  expect(await pages.getByRole('link').allTextContents()).toEqual([
    'Overview',
    'Clients',
    'Topics',
    'Retained',
    'Metrics',
    'Registry',
    'Rules',
    'Users',
    'Bans',
    'Denied',
    'Test client',
    'Audit',
    'Settings',
    'Authentication',
    'Bridges',
  ]);
  await goTo(page, 'Users');
  expect(await page.getByRole('button', { name: 'Create user' }).first().getAttribute('data-disabled')).not.toBeNull();
  await page.goto(`${perch.server.url}/settings/operators`);
  await page.getByText('You may not see this page').waitFor();
  await page.getByText('operators:read').waitFor();
  await picture(page, 'forbidden');
});

test('a session that an admin ends is over in the open page', async () => {
  const page = await browser.open();
  await logIn(page, perch.server, VIEWER.name, VIEWER.password);
  const { items } = await perch.admin.get<{ items: { id: string; name: string }[] }>('/operators');
  const vera = items.find(({ name }) => name === VIEWER.name);
  await perch.admin.ok('PATCH', `/operators/${vera?.id}`, { disabled: true });
  // Nobody touches it: the page hears of it by itself.
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await perch.admin.ok('PATCH', `/operators/${vera?.id}`, { disabled: false });
});

test('two minutes before nobody is signed in any more one is asked, and stays', async () => {
  const page = await browser.open();
  await signIn(page, perch);
  await perch.server.query(`UPDATE operator_sessions SET last_seen_at = now() - interval '718 minutes 10 seconds'`);
  // As a page that nobody has touched for a while.
  await page.setExtraHTTPHeaders({ 'perch-idle': '1' });
  await page.goto(`${perch.server.url}/account`);
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
  await dialog.getByText(/You will be logged out in 1 min/).waitFor();
  await expectLooksRight(page, 'stay-signed-in');
  await page.setExtraHTTPHeaders({});
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await dialog.waitFor({ state: 'hidden' });
});

test('a page that does not exist says so', async () => {
  const page = await browser.open();
  await visit(page, perch, '/no/such/page');
  await page.getByText('There is no such page').waitFor();
});

test('the theme that was chosen stays after a reload', async () => {
  const page = await browser.open({ theme: 'light' });
  await visit(page, perch);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const scheme = () => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
  expect(await scheme()).toBe('light');
  await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
  await waitFor(async () => (await scheme()) === 'dark', { what: 'the dark theme' });
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(await scheme()).toBe('dark');
});
