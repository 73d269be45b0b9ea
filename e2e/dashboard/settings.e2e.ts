import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';

const QUOTA_EXCEEDED = 0x97;
const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({ flags: ['--max-connections', '500'] }, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'sub', 'plant/#')]);
});
const browser = useBrowser();

const section = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: new RegExp(`^${name}`) });

test('a bound is changed after its diff was seen, holds for a client that is connected, and a flag locks another', async () => {
  const device = await Device.connect(perch.server.mqttUrl, { clientId: 'pump', protocolVersion: 5, ...JOY });
  const page = await browser.open();
  await visit(page, perch, '/settings');
  await page.getByRole('textbox', { name: 'Broker name' }).fill('Plant 7');
  await section(page, 'Sessions & limits').click();
  await page.getByText('Settled by the flag --max-connections: change it there.').waitFor();
  await page.getByRole('textbox', { name: 'Max subscriptions' }).fill('1');
  await page.getByRole('textbox', { name: 'Max packet bytes' }).fill('4096');
  await page.getByText('3 unsaved changes').waitFor();
  await picture(page, 'settings-limits-light');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Review & save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review the changes' });
  await dialog.getByRole('row').filter({ hasText: 'Max packet bytes' }).getByText('Needs a restart').waitFor();
  await picture(page, 'settings-review-light');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save 3 changes' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('4,096 is saved and holds from the next start on.').waitFor();
  await page.getByRole('banner').getByText('Plant 7').waitFor();
  expect(await device.subscribe('plant/1')).toEqual([0]);
  expect(await device.subscribe('plant/2')).toEqual([QUOTA_EXCEEDED]);

  await perch.server.restart();
  await page.reload();
  await page.getByRole('textbox', { name: 'Max packet bytes' }).waitFor();
  await page.getByText('is saved and holds from the next start on.').waitFor({ state: 'hidden' });
  expect(await page.getByRole('textbox', { name: 'Max packet bytes' }).inputValue()).toBe('4 096');

  await page.emulateMedia({ colorScheme: 'dark' });
  for (const name of ['General', 'Listeners & TLS', 'Live & privacy', 'About']) {
    await section(page, name).click();
    await expectAccessible(page);
  }
  await section(page, 'Listeners & TLS').click();
  await page.getByRole('table', { name: 'Open doors' }).waitFor();
  await picture(page, 'settings-listeners-dark');
  await page.setViewportSize({ width: 390, height: 780 });
  await picture(page, 'settings-listeners-390');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
