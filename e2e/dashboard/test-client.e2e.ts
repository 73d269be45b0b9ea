import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { goTo, logIn, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { LAN_HOST } from '../support/launch-browser.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([denyAll('pub', 'plant/secret'), allow('joy', 'pubsub', 'plant/#')]);
});
const browser = useBrowser();

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

async function connect(page: Page, protocol: string, password = JOY.password): Promise<void> {
  const form = panel(page, 'Connection');
  await form.getByLabel('Protocol').selectOption({ label: protocol });
  await form.getByLabel('User').fill(JOY.username);
  await form.getByRole('textbox', { name: 'Password' }).fill(password);
  await form.getByRole('button', { name: /^Connect/ }).click();
}

const connected = (page: Page) => panel(page, 'Connection').getByText('Connected', { exact: true }).waitFor();

async function subscribe(page: Page, filter: string): Promise<void> {
  await panel(page, 'Subscriptions').getByLabel('Topic filter').fill(filter);
  await panel(page, 'Subscriptions').getByRole('button', { name: 'Subscribe', exact: true }).click();
}

async function publish(page: Page, topic: string, payload: string): Promise<void> {
  await panel(page, 'Publish').getByLabel('Topic', { exact: true }).fill(topic);
  await panel(page, 'Publish').getByRole('textbox', { name: 'Payload' }).fill(payload);
  await panel(page, 'Publish').getByRole('button', { name: 'Publish', exact: true }).click();
}

test('connects as a user over both protocols, sees what a device sends, and why something is refused', async () => {
  const page = await browser.open();
  await visit(page, perch, '/tools/client?topic=plant/%23');
  await connect(page, 'MQTT 5', 'wrong-password');
  await page.getByText(/Not authorized|Bad User Name or Password/).waitFor();
  await page.getByRole('link', { name: 'See why under Denied' }).waitFor();
  await connect(page, 'MQTT 5');
  await connected(page);
  await subscribe(page, 'plant/#');
  await page.getByText('Granted, QoS 1').waitFor();

  const device = await Device.connect(perch.server.mqttUrl, { clientId: 'pump-1', ...JOY });
  await device.publish('plant/1/state', '{"on": true}', { qos: 1 });
  const messages = page.getByRole('grid', { name: 'Messages' });
  await messages.getByRole('row').filter({ hasText: 'plant/1/state' }).getByText('{"on": true}').waitFor();

  await subscribe(page, 'other/#');
  const filters = page.getByRole('list', { name: 'Filters' });
  await filters.getByText('No rule allows it').waitFor();

  await publish(page, 'plant/secret', '{"door": "open"}');
  await messages.getByRole('row').filter({ hasText: 'plant/secret' }).click();
  const details = panel(page, 'Message');
  await details.getByText('Denied by rule 1').waitFor();
  await picture(page, 'test-client-light');
  await expectAccessible(page);

  await page.getByText('Packets', { exact: true }).click();
  const packets = page.getByRole('grid', { name: 'Packets' });
  await packets.getByText('SUBACK').first().waitFor();
  await packets.getByText('CONNACK').first().waitFor();
  expect(await packets.innerText()).not.toContain(JOY.password);

  await page.getByRole('radiogroup', { name: 'Test client' }).getByText('Messages').click();
  await messages.getByRole('row').filter({ hasText: 'plant/secret' }).click();
  await details.getByRole('link', { name: 'Explain' }).click();
  await page.getByRole('dialog').getByText('plant/secret').first().waitFor();
  await page.goBack();
  await connected(page);

  await page.getByRole('button', { name: 'New connection' }).click();
  await connect(page, 'JSON (perch.json)');
  await connected(page);
  await panel(page, 'Connection')
    .getByText(/ as joy/)
    .waitFor();
  await subscribe(page, 'plant/+/state');
  await page.getByText('Granted', { exact: true }).waitFor();
  await publish(page, 'plant/2/state', '[1, 2]');
  const answered = messages.getByRole('row').filter({ hasText: 'Acknowledged' });
  await answered.first().waitFor();
  const { items } = await perch.admin.ok<{ items: { username: string }[] }>('GET', '/clients?state=online');
  expect(items.map(({ username }) => username)).toEqual(['joy', 'joy', 'joy']);

  await page.setViewportSize({ width: 390, height: 780 });
  await picture(page, 'test-client-390');
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test('messages are repeated, and a binary payload arrives as its bytes', async () => {
  const page = await browser.open({ theme: 'dark' });
  await visit(page, perch, '/tools/client');
  await connect(page, 'MQTT 3.1.1');
  await connected(page);
  const device = await Device.connect(perch.server.mqttUrl, { clientId: 'pump-2', ...JOY });
  await device.subscribe('plant/#', 1);
  const form = panel(page, 'Publish');
  await form.getByLabel('Topic', { exact: true }).fill('plant/bytes');
  await form.getByText('Hex', { exact: true }).click();
  await form.getByRole('textbox', { name: 'Payload' }).fill('00 ff 1');
  await form.getByText('Hex needs two digits for each byte.').waitFor();
  await form.getByRole('textbox', { name: 'Payload' }).fill('00 ff 10');
  await form.getByRole('button', { name: 'Publish', exact: true }).click();
  const bytes = await device.message(({ topic }) => topic === 'plant/bytes');
  expect(bytes.text).toBe(Buffer.from([0x00, 0xff, 0x10]).toString());
  await form.getByText('Text', { exact: true }).click();
  await form.getByLabel('Topic', { exact: true }).fill('plant/count');
  await form.getByRole('textbox', { name: 'Payload' }).fill('number {{n}}');
  await form.getByLabel('Messages').fill('5');
  await form.getByLabel('A second').fill('100');
  await form.getByRole('button', { name: 'Publish 5 times' }).click();
  await device.message('number 5');
  expect(device.texts('plant/count')).toEqual([1, 2, 3, 4, 5].map((n) => `number ${n}`));
  await page.getByRole('grid', { name: 'Messages' }).getByText('number 5').waitFor();
  await picture(page, 'test-client-dark');
  await expectAccessible(page);
});

test('over plain HTTP from another machine it connects, and what is copied is on the clipboard', async () => {
  const page = await browser.open();
  const url = perch.server.url.replace('127.0.0.1', LAN_HOST);
  await logIn(page, { url });
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await goTo(page, 'Test client');
  await connect(page, 'MQTT 5');
  await connected(page);
  await goTo(page, 'Users');
  await page.getByRole('row', { name: /joy/ }).getByRole('button', { name: /^Copy/ }).click();
  await page
    .getByRole('row', { name: /joy/ })
    .getByRole('button', { name: /^Copied/ })
    .waitFor();
  const search = page.getByLabel('Filter by name or note');
  await search.focus();
  await page.keyboard.press('ControlOrMeta+V');
  expect(await search.inputValue()).toBe('joy');
});
