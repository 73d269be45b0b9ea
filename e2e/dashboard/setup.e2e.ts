import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { Device } from '../support/device.js';
import { useServer } from '../support/use-server.js';

const perch = useServer({ adminPassword: null });
const browser = useBrowser();

test('from the one-time link to the first client: each step once, also after a reload, and a trial is never silent', async () => {
  const page = await browser.open({ width: 900 });
  await page.goto(perch.server.setupUrl.replace('localhost', '127.0.0.1'));
  await page.getByLabel('Password', { exact: true }).fill('a password that ana keeps');
  await page.getByRole('button', { name: 'Create the operator' }).dblclick();

  await page.getByRole('heading', { name: 'Name the broker' }).waitFor();
  expect(page.url()).not.toContain('token');
  await page.getByLabel('Broker name').fill('Plant 7');
  await page.getByLabel('Public host').fill('not a host');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(/must be a host name or an IP address/).waitFor();
  await page.getByLabel('Public host').fill('127.0.0.1');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByRole('heading', { name: 'Choose who may do what' }).waitFor();
  await page.reload();
  await page.getByRole('radio', { name: 'Open for a trial' }).click();
  await picture(page, 'setup-access-light');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByRole('heading', { name: 'Create the first user' }).waitFor();
  const guest = await Device.connect(perch.server.mqttUrl, { clientId: 'guest' });
  await guest.publish('any/topic', 'anything', { qos: 1 });
  await guest.end();
  await page.goto(perch.server.url);
  await page.getByText(/This broker is open/).waitFor();
  await page.getByRole('region', { name: 'Finish the set-up' }).waitFor();
  await picture(page, 'overview-checklist');
  await page.getByRole('link', { name: 'Change it' }).click();
  await page.getByRole('radio', { name: 'Start closed' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByRole('button', { name: 'Create the user' }).dblclick();
  await page.getByText('Copy the password now').waitFor();
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize(size);
  const password = await page.locator('dd').nth(1).innerText();
  expect(password.length).toBeGreaterThan(12);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(/-u device-1 -P/).waitFor();
  await expect(Device.connect(perch.server.mqttUrl, { clientId: 'guest' })).rejects.toThrow();
  const device = await Device.connect(perch.server.mqttUrl, {
    clientId: 'pump-1',
    username: 'device-1',
    password: password.trim(),
  });
  await page.getByText('pump-1 is connected').waitFor();
  expect(await device.subscribe(['toDevice/pump-1', 'toDevice/other'])).toEqual([0, 128]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'setup-connect-dark');
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText(/This broker is open/).waitFor({ state: 'hidden' });
});
