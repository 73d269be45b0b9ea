import { describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { goTo, signIn, visit } from '../support/dashboard.js';
import { useServer } from '../support/use-server.js';

/** Runs where a page takes it for markup; a page that does throws, which fails the test. */
const XSS = `"><img src=x onerror="throw new Error('a name was run')"><script>throw new Error('a name was run')</script>`;

const perch = useServer();
const browser = useBrowser();

test('a key is made, opens the API, is named in the audit log, and opens nothing once it is revoked', async () => {
  const page = await browser.open();
  await visit(page, perch, '/settings/api-keys');
  await page.getByText('No API keys').waitFor();
  await page.getByRole('button', { name: 'Create API key' }).first().click();
  const form = page.getByRole('dialog', { name: 'Create an API key' });
  await form.getByLabel('Name').fill('deploy');
  await form.getByLabel('Operator', { exact: true }).click();
  await form.getByRole('button', { name: 'Create API key' }).click();
  const secret = await form.getByText(/^perch_[0-9a-f]{12}_/).innerText();
  await form.getByRole('button', { name: 'Done' }).click();
  const asKey = (method: string, path: string, body?: object) =>
    fetch(`${perch.server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  expect((await asKey('POST', '/users', { username: 'by-key', password: 'let me in' })).status).toBe(201);
  await page.goto(`${perch.server.url}/audit?object=user/by-key`);
  await page.getByRole('cell', { name: 'api-key:deploy' }).waitFor();
  await goTo(page, 'API keys');
  await page.getByText('from 127.0.0.1').waitFor();
  await page.getByRole('button', { name: 'Actions for deploy' }).click();
  await page.getByRole('menuitem', { name: 'Revoke…' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('The key deploy was revoked').waitFor();
  expect((await asKey('GET', '/users')).status).toBe(401);
});

test('who is invited joins, sets up a second factor, and is logged out of everywhere by an admin', async () => {
  const page = await browser.open();
  await visit(page, perch, '/settings/operators');
  await page.getByRole('button', { name: 'Invite operator' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('ben');
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByText(/\/join#/).innerText();
  await page.getByRole('button', { name: 'Done' }).click();
  const theirs = await browser.open();
  await theirs.goto(link);
  await theirs.getByLabel('Choose a password').fill('correct horse battery');
  await theirs.getByRole('button', { name: 'Log in' }).click();
  await theirs.getByRole('heading', { name: 'Overview' }).waitFor();
  await theirs.goto(`${perch.server.url}/account`);
  await theirs.getByRole('button', { name: 'Set up…' }).click();
  await theirs.getByRole('img', { name: /QR code/ }).waitFor();
  await picture(theirs, 'second-factor');
  await expectAccessible(theirs);
  await theirs.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Actions for ben' }).click();
  await page.getByRole('menuitem', { name: 'Sessions…' }).click();
  await page.getByRole('button', { name: /^Log out (?!everywhere)/ }).click();
  await page.getByText('ben was logged out').waitFor();
  // Nobody touches their page: it hears of it by itself.
  await theirs.getByRole('heading', { name: 'Log in' }).waitFor();
});

describe.each([
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 320 },
] as const)('in the $theme theme at $width pixels', ({ theme, width }) => {
  test('axe finds nothing, nothing scrolls sideways, and no name is run as markup', async () => {
    await perch.admin.ok('POST', '/invitations', { name: `${XSS}-${theme}-${width}`, role: 'viewer' });
    const key = `${XSS}-${theme}-${width}`;
    await perch.admin.ok('POST', '/api-keys', { name: key, role: 'viewer' });
    const page = await browser.open({ theme, width });
    await signIn(page, perch);
    const check = async (name: string) => {
      await picture(page, `${name}-${theme}-${width}`);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    };
    await page.goto(`${perch.server.url}/settings/api-keys`);
    await page.getByRole('button', { name: `Actions for ${key}` }).click();
    await page.getByRole('menuitem', { name: 'Rotate…' }).waitFor();
    await check('api-keys-menu');
    await page.getByRole('menuitem', { name: 'Rotate…' }).click();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    await page
      .getByRole('status')
      .getByText(/^perch_/)
      .waitFor();
    await check('api-keys-rotated');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Create API key' }).first().click();
    await page.getByRole('dialog', { name: 'Create an API key' }).getByLabel('Expires').selectOption('Never');
    await check('api-keys-form');
    await page.goto(`${perch.server.url}/settings/operators`);
    await page.getByRole('table', { name: 'Open invitations' }).waitFor();
    await page.getByRole('button', { name: 'Actions for admin' }).click();
    await page.getByRole('menuitem', { name: 'Sessions…' }).waitFor();
    await check('operators-menu');
    await page.getByRole('menuitem', { name: 'Sessions…' }).click();
    await page.getByRole('dialog').getByText('this browser', { exact: true }).waitFor();
    await check('operators-sessions');
    await page.goto(`${perch.server.url}/account`);
    await page.getByText('this browser', { exact: true }).waitFor();
    await check('account');
    await page.goto(`${perch.server.url}/audit?object=api-key`);
    await page
      .getByRole('button', { name: /^Details/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('Changes').waitFor();
    await check('audit-entry');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Intact').waitFor();
    await check('audit-verified');
  });
});
