import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

const SECRET = 'the secret of the receiver';
let status = 503;
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(status).end(status === 422 ? 'There is no table for it.' : ''));
});
await once(receiver.listen(0, '127.0.0.1'), 'listening');
afterAll(() => receiver.close().closeAllConnections());

const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/perch`;
const folder = await mkdtemp(join(tmpdir(), 'perch-bridge-'));
afterAll(() => rm(folder, { recursive: true }));
const perch = useServer({
  flags: [
    '--allow-anonymous',
    `--bridges=${JSON.stringify([
      { name: 'audit', kind: 'webhook', url, secret: SECRET, lingerMs: 0, retryFromMs: 50, retryToMs: 200 },
      { name: 'log', kind: 'csv', folder, topics: ['plant/#', 'office/+/door'] },
    ])}`,
  ],
});
const browser = useBrowser();

test('a bridge that fails says why; a test event says what the receiver answered, and it works again', async () => {
  const page = await browser.open();
  await visit(page, perch, '/settings/bridges');
  const audit = page.getByRole('region', { name: 'audit' });
  await audit.getByText('Up').waitFor();
  await Device.connect(perch.server.mqttUrl, { clientId: 'pump' });
  await audit.getByText('Failing').waitFor();
  await audit.getByText('It answered 503.').waitFor();
  status = 422;
  await audit.getByRole('button', { name: 'Send a test event' }).click();
  await audit.getByText('The test event did not arrive').waitFor();
  await page.getByRole('region', { name: 'log' }).getByRole('button', { name: 'Send a test event' }).click();
  await page.getByText(`It is in ${join(folder, 'log.csv')}.`).waitFor();
  await expectLooksRight(page, 'bridges');
  status = 204;
  await audit.getByRole('button', { name: 'Send a test event' }).click();
  await audit.getByText('The test event arrived').waitFor();
  await Device.connect(perch.server.mqttUrl, { clientId: 'lathe' });
  await audit.getByText('Up').waitFor();
  expect(await page.content()).not.toContain(SECRET);
});
