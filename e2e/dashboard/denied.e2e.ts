import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { saveRules, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow, denyAll } from '../support/operator-api.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([denyAll('pubsub', 'plant/secret'), allow('joy', 'sub', 'plant/#')]);
});
const browser = useBrowser();

const connect = (clientId: string, credentials = JOY) =>
  Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, ...credentials });

/** Whether the device may publish there: the broker's reason code is no failure. */
async function mayPublish(device: Device, topic: string): Promise<boolean> {
  return device.publish(topic, 'x', { qos: 1 }).then(
    () => true,
    () => false,
  );
}

const table = (page: Page) => page.getByRole('table', { name: 'Refusals' });

test('a device is refused, the page shows it, says which rule, and makes one that lets it', async () => {
  const page = await browser.open();
  await visit(page, perch);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByText('Nothing was denied in this range').waitFor();
  const device = await connect('pump-7');
  expect(await mayPublish(device, 'plant/secret')).toBe(false);
  await table(page).getByText('pump-7').waitFor();
  await table(page).getByRole('link', { name: 'Rule 1' }).waitFor();
  await page.getByRole('button', { name: 'Explain pump-7 publish plant/secret' }).click();
  const drawer = page.getByRole('dialog', { name: 'Why it was denied' });
  await drawer
    .getByRole('region', { name: 'By the live policy' })
    .getByText(/rule 1/i)
    .waitFor();
  await drawer.getByRole('link', { name: 'Create a rule that allows it' }).click();
  await page.getByRole('button', { name: 'Insert proposal 1' }).click();
  await saveRules(page);
  expect(await mayPublish(device, 'plant/secret')).toBe(true);
});

test('every state of the page looks right', async () => {
  for (const index of [1, 2, 3]) {
    const device = await connect(`pump-${index}`);
    await mayPublish(device, `plant/${index}/a/rather/long/topic/that/goes/on/and/on`);
    await device.subscribe('secret/#');
  }
  await connect('thief', { ...JOY, password: 'guess' }).catch(() => undefined);
  const page = await browser.open();
  await visit(page, perch, '/access/denied');
  await table(page).getByText('pump-1').first().waitFor();
  await expectLooksRight(page, 'denied');
  await page.getByRole('button', { name: /^Explain pump-1 publish/ }).click();
  await page.getByRole('dialog', { name: 'Why it was denied' }).getByText('Rule by rule').waitFor();
  await expectLooksRight(page, 'denied-explained');
  await page.keyboard.press('Escape');
  await page.getByLabel('Group by').selectOption('client');
  await page.getByRole('button', { name: 'Only these' }).first().waitFor();
  await expectLooksRight(page, 'denied-by-client');
  await page.getByRole('tab', { name: 'Failed sign-ins' }).click();
  await table(page).getByText('thief').waitFor();
  await expectLooksRight(page, 'denied-sign-ins');
  await page.getByRole('tab', { name: 'Shadow' }).click();
  await page.getByText('Nothing was denied in this range').waitFor();
  await expectLooksRight(page, 'denied-empty');
  await page.goto(`${perch.server.url}/clients?c=pump-1&tab=denied`);
  await table(page).getByText('secret/#').waitFor();
  await expectLooksRight(page, 'client-denied');
});
