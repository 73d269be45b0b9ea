import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { clientRow, seeClient, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { adminPassword } from '../support/perch-server.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const TABS_ENOUGH = 60;

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pub', 'plant/first'), allow('joy', 'sub', 'plant/second')]);
});
const browser = useBrowser();

/** What has the focus: its role or tag, and its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const labels = 'labels' in element ? (element.labels as NodeListOf<HTMLLabelElement> | null) : null;
    const name = element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent ?? '';
    return `${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${name.trim()}`;
  });
}

/** Presses a key until that has the focus: what a mouse can reach, the keyboard has to. */
async function tabTo(page: Page, wanted: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < TABS_ENOUGH; count++) {
    const now = await focused(page);
    if (wanted.test(now)) return;
    passed.push(now);
    await page.keyboard.press(key);
  }
  throw new Error(`${String(wanted)} cannot be reached by ${key}; passed were:\n${passed.join('\n')}`);
}

function tabBackTo(page: Page, wanted: RegExp): Promise<void> {
  return tabTo(page, wanted, 'Shift+Tab');
}

/** What has the focus shows it. */
async function expectFocusShown(page: Page): Promise<void> {
  const shows = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement ?? document.body);
    return { outline: outlineStyle === 'none' ? '0px' : outlineWidth, boxShadow };
  });
  expect(shows).not.toEqual({ outline: '0px', boxShadow: 'none' });
}

/** Resolves when a dialog has taken the focus, and takes no key away from what is tabbed to afterwards. */
async function holdsFocus(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog', { name }).locator(':focus').waitFor({ state: 'attached' });
}

async function logInByKeys(page: Page): Promise<void> {
  await page.goto(`${perch.server.url}/login`);
  await page.getByLabel('Operator').waitFor();
  await waitFor(async () => /Operator/.test(await focused(page)), { what: 'the first field to have the focus' });
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(adminPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}

async function openOverview(page: Page): Promise<void> {
  await visit(page, perch);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}

/** Goes to a page by its two keys. */
async function goByKeys(page: Page, key: string, heading: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

// No test here touches the mouse: page.click, hover and fill are not used.

test('log in, find a client and kick it', async () => {
  const page = await browser.open();
  for (const clientId of ['pump-1', 'pump-2', 'lamp-1']) {
    await Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, ...JOY });
  }
  const victim = await Device.connect(perch.server.mqttUrl, { clientId: 'pump-3', protocolVersion: 5, ...JOY });
  await logInByKeys(page);
  await goByKeys(page, 'c', 'Clients');
  await seeClient(page, 'pump-3', { state: 'Online' });

  await page.keyboard.press('/');
  await page.keyboard.type('pump-3');
  await clientRow(page, 'lamp-1').waitFor({ state: 'hidden' });
  await page.keyboard.press('Tab');
  await tabTo(page, /^row .*pump-3/);
  await expectFocusShown(page);
  await page.keyboard.press('Enter');
  await holdsFocus(page, 'pump-3');
  await page.getByRole('dialog', { name: 'pump-3' }).getByText('Keep alive').waitFor();
  await tabTo(page, /^button Kick$/);
  await page.keyboard.press('Enter');
  await holdsFocus(page, 'Kick pump-3?');
  await tabTo(page, /^button Kick client$/);
  await page.keyboard.press('Enter');

  await victim.closed();
  expect(victim.goodbyes).toEqual([0x98]);
  await seeClient(page, 'pump-3', { state: 'Gone' });
  // The way back: the drawer closes and the focus is on the row again.
  await page.getByRole('dialog', { name: 'Kick pump-3?' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'pump-3' }).waitFor({ state: 'hidden' });
  await waitFor(async () => /^row .*pump-3/.test(await focused(page)), { what: 'the row to have the focus again' });
});

test('add a rule, move it, test it, preview the impact, save, and undo the save', async () => {
  const page = await browser.open();
  const victim = await Device.connect(perch.server.mqttUrl, { clientId: 'lamp-2', protocolVersion: 5, ...JOY });
  await victim.subscribe('plant/second');
  await openOverview(page);
  await goByKeys(page, 'r', 'Rules');
  await page.getByText('plant/first').first().waitFor();

  // Add: n opens the form, Enter in its fields finishes it.
  await page.keyboard.press('n');
  await page.getByRole('form', { name: 'Rule 3' }).locator(':focus').waitFor({ state: 'attached' });
  await tabTo(page, /^input Allow/);
  await page.keyboard.press('ArrowRight');
  await tabTo(page, /^select Subject/);
  await page.keyboard.type('User');
  await tabTo(page, /^input Value/);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('joy');
  await tabTo(page, /^input Topics/);
  await page.keyboard.type('plant/+,');
  await page.keyboard.press('Enter');
  await page.getByRole('form', { name: 'Rule 3' }).waitFor({ state: 'hidden' });
  await page.getByText('1 unsaved change', { exact: true }).waitFor();

  // Move: the row keeps the focus, Alt and arrows take it to the top.
  await waitFor(async () => /^row .*plant\/\+/.test(await focused(page)), { what: 'the new row to have the focus' });
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText('Rule 3 moved to position 2 of 3').waitFor({ state: 'attached' });
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText('Rule 2 moved to position 1 of 3').waitFor({ state: 'attached' });
  await waitFor(async () => /^row .*plant\/\+/.test(await focused(page)), { what: 'the moved row to keep the focus' });

  // Test access, against the draft and, as they differ, the saved rules.
  await tabTo(page, /^(combobox|input) As client/);
  await page.keyboard.type('some-client');
  await page.keyboard.press('Escape');
  await tabTo(page, /^input User/);
  await page.keyboard.type('joy');
  await tabTo(page, /^input Publish/);
  await page.keyboard.press('ArrowRight');
  await tabTo(page, /^input To filter/);
  await page.keyboard.type('plant/second');
  const answers = page.getByRole('group', { name: 'Answers' });
  await answers.getByText('Denied', { exact: true }).waitFor();
  await answers.getByText('Allowed', { exact: true }).waitFor();

  // Preview: back to the tools, and along them to the impact.
  await tabBackTo(page, /^tab Test access/);
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  const losing = page.getByRole('list', { name: 'Loses' });
  await losing.getByText('lamp-2').waitFor();
  await tabTo(page, /^a Explain subscribe plant\/second for lamp-2$/);

  // Save, from wherever the focus is.
  await page.keyboard.press('Control+S');
  await holdsFocus(page, 'Review & save');
  await tabTo(page, /^button Save 1 change$/);
  await page.keyboard.press('Enter');
  await page.getByText(/^Rev \d+ is live, 1 subscription of 1 client dropped/).waitFor();
  const topics = async () => (await perch.admin.policy()).rules.map((rule) => rule.topics[0]);
  expect(await topics()).toEqual(['plant/+', 'plant/first', 'plant/second']);

  // Undo, while the message offers it.
  await page.keyboard.press('Control+Z');
  await page.getByText(/^Undone: rev \d+ is live/).waitFor();
  expect(await topics()).toEqual(['plant/first', 'plant/second']);
});

test('undo and redo a deletion', async () => {
  const page = await browser.open();
  await openOverview(page);
  await goByKeys(page, 'r', 'Rules');
  const rows = page.getByRole('grid', { name: /Access rules/ }).getByRole('row');
  await page.getByText('plant/first').first().waitFor();
  await page.getByText('plant/second').first().waitFor();
  const before = await rows.count();
  await tabTo(page, /^row /);
  await page.keyboard.press('Delete');
  await waitFor(async () => (await rows.count()) === before - 1, { what: 'the rule to go' });
  await page.keyboard.press('Control+Z');
  await waitFor(async () => (await rows.count()) === before, { what: 'the rule to come back' });
  await page.keyboard.press('Control+Shift+Z');
  await waitFor(async () => (await rows.count()) === before - 1, { what: 'the rule to go again' });
});

test('an unsaved draft survives a reload', async () => {
  const page = await browser.open();
  await openOverview(page);
  await goByKeys(page, 'r', 'Rules');
  await page.getByText('plant/first').first().waitFor();
  await tabTo(page, /^row /);
  await page.keyboard.press('Space');
  await page.getByText('1 unsaved change', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('1 unsaved change', { exact: true }).waitFor();
});

/** Opens the palette and waits until it takes what is typed. */
async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+K');
  await page.getByPlaceholder('Search or run…').and(page.locator(':focus')).waitFor();
}

/** Chooses one of what the palette has found: what comes from the server comes in between. */
async function arrowTo(page: Page, words: string): Promise<void> {
  const chosen = page.locator('[data-selected]').filter({ hasText: words });
  const isChosen = async () => {
    if (await chosen.isVisible()) return true;
    await page.keyboard.press('ArrowDown');
    return chosen.isVisible();
  };
  await waitFor(isChosen, { what: `${words} to be chosen` });
}

test('the palette goes to pages and runs commands', async () => {
  const page = await browser.open({ theme: 'light' });
  await openOverview(page);
  await openPalette(page);
  await page.keyboard.type('audit');
  await arrowTo(page, 'Audit');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('switch between');
  await arrowTo(page, 'Switch between');
  await page.keyboard.press('Enter');
  const scheme = () => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
  await waitFor(async () => (await scheme()) === 'dark', { what: 'the dark theme' });
});

test('create a user and get out of every overlay by Escape', async () => {
  const page = await browser.open();
  await openOverview(page);
  await goByKeys(page, 'u', 'Users');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  await tabTo(page, /^button Create user$/);
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Create a user' });
  await drawer.waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await waitFor(async () => /^button Create user$/.test(await focused(page)), { what: 'the button to have the focus' });
  await page.keyboard.press('Enter');
  await waitFor(async () => /Username/.test(await focused(page)), { what: 'the first field to have the focus' });
  await page.keyboard.type('by-keys');
  await page.keyboard.press('Enter');
  await drawer.getByText('User by-keys exists').waitFor();
  await tabTo(page, /^button Done$/);
  await page.keyboard.press('Enter');
  await page.getByRole('row').filter({ hasText: 'by-keys' }).waitFor();
});

test('the first Tab offers to skip to the content', async () => {
  const page = await browser.open();
  await openOverview(page);
  await page.locator('main').getByRole('link').first().waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('a Skip to content');
  await page.keyboard.press('Enter');
  await page.locator('main:focus').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});
