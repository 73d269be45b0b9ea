import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

const perch = useServer({ flags: ['--allow-anonymous', 'true'] }, async ({ server }) => {
  const quiet = await Device.connect(server.mqttUrl, { clientId: 'a-quiet-one' });
  quiet.outlivesTests();
  for (let i = 0; i < 15; i++) await (await Device.connect(server.mqttUrl, { clientId: 'comes-and-goes' })).end();
});
const browser = useBrowser();

test('a client that comes and goes is marked in the list and in its drawer', async () => {
  const page = await browser.open();
  await visit(page, perch, '/clients');
  const row = page.getByRole('row').filter({ hasText: 'comes-and-goes' });
  await row.getByText('Flapping').waitFor();
  expect(await page.getByRole('grid').getByText('Flapping').count()).toBe(1);
  await expectLooksRight(page, 'flapping');
  await row.click();
  await page.getByRole('dialog').getByText('Flapping').waitFor();
  await expectLooksRight(page, 'flapping-drawer');
});
