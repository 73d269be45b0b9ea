import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { picture, useBrowser } from '../support/browser.js';
import { createUser, goTo, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

const perch = useServer();
const browser = useBrowser();

test('a backup is taken, what came after is taken away again, and the plan said so', async () => {
  const page = await browser.open();
  await visit(page, perch);
  await createUser(page, 'pump', 'pump-password');
  await goTo(page, 'Backup');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download backup' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^perch-backup-.*Z\.json$/);
  const backup = Buffer.concat(await (await download.createReadStream()).toArray());
  expect(JSON.parse(backup.toString())).toMatchObject({ users: [{ username: 'pump' }], hasSecrets: true });

  await createUser(page, 'stranger', 'stranger-password');
  const stranger = await Device.connect(perch.server.mqttUrl, {
    clientId: 's',
    username: 'stranger',
    password: 'stranger-password',
  });
  await goTo(page, 'Backup');
  await choose(page, backup);
  await page.getByText('Everything here is as in the file.').waitFor();
  await page.getByText('Remove it').click();
  await page.getByRole('button', { name: 'Users: one by one' }).click();
  await page.getByRole('row', { name: /stranger Removed/ }).waitFor();
  await expectLooksRight(page, 'backup-plan');
  await page.getByRole('button', { name: 'Restore 1 change' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('1');
  await picture(page, 'backup-confirm');
  await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
  await page.getByText('What was changed').waitFor();
  await stranger.closed();
  await goTo(page, 'Users');
  await page.getByRole('row', { name: /pump/ }).waitFor();
  // What was known of the page before may stand there until it was asked again.
  await page.getByRole('row', { name: /stranger/ }).waitFor({ state: 'hidden' });

  const broken = { format: 'perch-backup', version: 1, users: [{ username: 'x', labels: ['two words'] }] };
  await goTo(page, 'Backup');
  await choose(page, Buffer.from(JSON.stringify(broken)));
  await page.getByRole('row', { name: /users\.0\.labels\.0/ }).waitFor();
  await expectLooksRight(page, 'backup-problems');
});

async function choose(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: 'backup.json', mimeType: 'application/json', buffer };
  await page.locator('input[type=file]').setInputFiles(file);
}
