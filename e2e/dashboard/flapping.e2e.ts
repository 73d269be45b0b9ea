import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { type Looks, picture, useBrowser } from '../support/browser.js';
import { logIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { useServer } from '../support/use-server.js';

const perch = useServer({ flags: ['--allow-anonymous', 'true'] }, async ({ server }) => {
  const quiet = await Device.connect(server.mqttUrl, { clientId: 'a-quiet-one' });
  quiet.outlivesTests();
  for (let i = 0; i < 15; i++) await (await Device.connect(server.mqttUrl, { clientId: 'comes-and-goes' })).end();
});
const browser = useBrowser();

const looks: readonly Looks[] = [{ theme: 'light' }, { theme: 'dark' }, { theme: 'light', width: 390, height: 780 }];

test.each(looks)('a client that comes and goes is marked in the list and in its drawer: %o', async (look) => {
  const page = await browser.open(look);
  await logIn(page, perch.server);
  await page.goto(`${perch.server.url}/clients`);
  const row = page.getByRole('row').filter({ hasText: 'comes-and-goes' });
  await row.getByText('Flapping').waitFor();
  expect(await page.getByRole('grid').getByText('Flapping').count()).toBe(1);
  await picture(page, `flapping-${look.theme}-${look.width ?? 1280}`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await row.click();
  await page.getByRole('dialog').getByText('Flapping').waitFor();
  await picture(page, `flapping-drawer-${look.theme}-${look.width ?? 1280}`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});
