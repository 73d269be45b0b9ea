import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const perch = useServer();
const browser = useBrowser();

test('who shows nothing is let in once that is set, tried and saved on the page', async () => {
  const { server } = perch;
  await expect(Device.connect(server.mqttUrl, { clientId: 'nobody' })).rejects.toThrow();
  const page = await browser.open();
  await visit(page, perch, '/settings/authentication');
  await page.getByRole('list', { name: 'Authenticators' }).waitFor();
  await expectLooksRight(page, 'authentication');
  await page.getByRole('button', { name: 'Edit anonymous' }).click();
  const drawer = page.getByRole('dialog', { name: 'Anonymous' });
  await drawer.getByText('Let in', { exact: true }).click();
  await expectLooksRight(page, 'authentication-anonymous');
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByText('Comes in as a client without a name').waitFor();
  await expectLooksRight(page, 'authentication-tried');
  await page.getByRole('button', { name: 'Review & save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save who may come in?' });
  await dialog.getByRole('region', { name: 'Changes' }).waitFor();
  await expectLooksRight(page, 'authentication-review');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Revision 1 holds for whoever comes from now on').waitFor();
  await Device.connect(server.mqttUrl, { clientId: 'nobody' });
});

test('the order of the authenticators is changed by the mouse as by the keyboard', async () => {
  const page = await browser.open();
  await visit(page, perch, '/settings/authentication');
  const members = page.getByRole('list', { name: 'Authenticators' }).locator('[data-member]');
  await members.nth(1).waitFor();
  const order = () => members.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-member')));
  const seeOrder = (names: readonly string[]) =>
    waitFor(async () => String(await order()) === String(names), { what: `the order ${String(names)}` });
  const [first = '', second = '', ...others] = (await order()).map(String);
  await page
    .getByRole('button', { name: `Drag ${first}` })
    .dragTo(members.nth(1), { targetPosition: { x: 200, y: 50 } });
  await page.getByText(`${first} moved to position 2 of`, { exact: false }).waitFor({ state: 'attached' });
  await seeOrder([second, first, ...others]);
  await page.getByRole('button', { name: `Move ${first} up` }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText(`${first} moved to position 1 of`, { exact: false }).waitFor({ state: 'attached' });
  await seeOrder([first, second, ...others]);
});

test('its longest forms look right', async () => {
  const page = await browser.open();
  await visit(page, perch, '/settings/authentication');
  await page.getByRole('list', { name: 'Authenticators' }).waitFor();
  await page.getByRole('button', { name: 'Add authenticator' }).click();
  await page.getByRole('menuitem', { name: 'JWT' }).click();
  await page.getByRole('dialog', { name: 'JWT' }).getByLabel('Address of the keys').waitFor();
  await expectLooksRight(page, 'authentication-jwt');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Add HTTP hook' }).click();
  await page.getByRole('dialog', { name: 'HTTP hook' }).getByRole('button', { name: 'Add header' }).click();
  await expectLooksRight(page, 'authentication-hook');
});
