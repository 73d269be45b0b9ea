import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, logIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { launchBrowser } from '../support/launch-browser.js';
import { allow, OperatorApi } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';

// The pictures of docs/images, made anew: `npm run load -- pictures`.

const images = join(import.meta.dirname, '../../docs/images');
const PLANT = { username: 'plant', password: 'plant-password-1' };
const PUMPS = 12;

test('the main pages, with devices at work', { timeout: 180_000 }, async () => {
  const server = await PerchServer.start({ flags: ['--broker-name', 'Plant 7'] });
  const browserServer = await launchBrowser();
  const browser = await chromium.connect(browserServer.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  let timer: ReturnType<typeof setInterval> | undefined;
  try {
    const admin = await OperatorApi.admin(server);
    await admin.createUser(PLANT.username, PLANT.password);
    await admin.setRules([allow('plant', 'pubsub', 'plant/%c/#'), allow('plant', 'sub', 'plant/+/temperature')]);
    await logIn(page, server);
    await page.getByRole('button', { name: /^Live data: Live/ }).waitFor();
    const pumps = await Promise.all(
      Array.from({ length: PUMPS }, (_, n) =>
        Device.connect(server.mqttUrl, { clientId: `pump-${n + 1}`, protocolVersion: 5, ...PLANT }),
      ),
    );
    await pumps[0]?.subscribe('plant/+/temperature');
    let round = 0;
    timer = setInterval(() => {
      round++;
      for (const [n, pump] of pumps.entries())
        pump.publish(`plant/pump-${n + 1}/temperature`, String(20 + ((round + n) % 9))).catch(() => undefined);
    }, 200);
    const tile = page.getByRole('region', { name: 'Messages per second' });
    await expect.poll(() => tile.innerText(), { timeout: 60_000 }).toMatch(/[1-9]\d* *\n? *in/);
    for (const pump of pumps.splice(PUMPS - 3)) await pump.end();
    await page.getByRole('table', { name: 'Top talkers' }).getByRole('link').first().waitFor({ timeout: 60_000 });
    await page.screenshot({ path: join(images, 'overview.png') });
    await goTo(page, 'Clients');
    await page.getByRole('grid', { name: 'Clients' }).getByText('pump-1', { exact: true }).waitFor();
    await page.screenshot({ path: join(images, 'clients.png') });
    await goTo(page, 'Rules');
    await page.getByText('plant/+/temperature').first().waitFor();
    await page.screenshot({ path: join(images, 'rules.png') });
  } finally {
    clearInterval(timer);
    await browser.close();
    await browserServer.close();
    await server.stop();
  }
});
