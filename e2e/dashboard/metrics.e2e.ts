import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { goTo, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#')]);
});
const browser = useBrowser();

const chart = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}\\.`) });

test('what devices do is seen in the charts, by mouse and by keys, and in the table', async () => {
  const device = await Device.connect(perch.server.mqttUrl, { clientId: 'pump-7', ...JOY });
  await device.subscribe('plant/#');
  await device.publish('plant/a', 'x', { qos: 1 });
  // Looked for every ten seconds.
  const isMeasured = async () => JSON.stringify(await perch.admin.get('/traffic')).includes('pump-7');
  await waitFor(isMeasured, { what: 'the traffic to be measured', timeoutMs: 30_000 });
  const page = await browser.open();
  await visit(page, perch);
  await page.getByRole('table', { name: 'Top talkers' }).getByRole('link', { name: 'pump-7' }).waitFor();
  await expectLooksRight(page, 'overview-traffic');
  await goTo(page, 'Metrics');
  const clients = chart(page, 'Clients');
  await clients.locator('canvas').waitFor();
  await expectLooksRight(page, 'metrics');

  const seesTime = async () => {
    await clients.focus(); // the window was just resized: the chart may be drawn anew
    await page.keyboard.press('End');
    return clients.getByText(/\d\d:\d\d/).isVisible();
  };
  await waitFor(seesTime, { what: 'the cursor at the newest point', timeoutMs: 15_000 });
  const plotWidth = async () => (await clients.locator('.u-over').boundingBox())?.width ?? 0;
  const cursorAt = async () => Date.parse((await clients.getByText(/\d\d:\d\d/).innerText()).replaceAll('\u202f', ' '));
  const [narrow, before] = [await plotWidth(), await cursorAt()];
  await page.setViewportSize({ width: 1000, height: 800 });
  await waitFor(async () => (await plotWidth()) > narrow * 1.2, { what: 'the chart to be wider' });
  // At its old place on the screen it would be minutes earlier, and not at all if it were lost.
  expect(Math.abs((await cursorAt()) - before)).toBeLessThan(60_000);
  await page.setViewportSize({ width: 1280, height: 800 });
  await waitFor(async () => (await plotWidth()) < narrow * 1.1, { what: 'the chart to be narrow again' });
  await clients.focus();
  await page.keyboard.press('+');
  await page.getByRole('button', { name: 'Show the whole time' }).waitFor();
  expect(new URL(page.url()).searchParams.get('from')).toMatch(/^\d{4}-/);
  await clients.focus();
  await page.keyboard.press('0');
  await page.getByText('Drag across a chart').waitFor();

  const box = (await clients.locator('.u-over').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Show the whole time' }).click();

  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.getByRole('radiogroup', { name: 'Show as' }).getByText('Tables').click();
  const table = page.getByRole('table', { name: 'Subscriptions' });
  await table.getByRole('cell', { name: '1', exact: true }).first().waitFor();
  await expectLooksRight(page, 'metrics-table');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download Messages as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^perch-messages-.*\.csv$/);
});

test('the database has the history, and a restart of the page finds it', async () => {
  const page = await browser.open();
  await visit(page, perch, '/metrics?group=process&range=1h');
  const memory = chart(page, 'Memory');
  await memory.locator('canvas').waitFor();
  const says = async () => /resident\s*\d/.test(await memory.innerText());
  await waitFor(says, { what: 'the memory of the process', timeoutMs: 30_000 });
  await expectLooksRight(page, 'metrics-process');
});
