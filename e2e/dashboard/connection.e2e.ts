import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { picture, useBrowser } from '../support/browser.js';
import { clientRow, goTo, seeClient, seeLiveStatus, signIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#')]);
});
const browser = useBrowser();

/** A cable between browser and server that can be cut, and can hang. */
class Cable {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private isHanging = false;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async plugIn(): Promise<void> {
    this.isHanging = false;
    this.server = createServer((socket) => this.join(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Bytes are neither sent on nor refused, as on a bad mobile network. */
  hang(): void {
    this.isHanging = true;
    for (const socket of this.sockets) socket.pause();
  }

  private join(near: Socket): void {
    const far = connectTcp(perch.server.httpPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.isHanging) from.pause();
    }
  }
}

const cable = new Cable();

beforeAll(() => cable.plugIn());
afterAll(() => cable.cut());
afterEach(async () => {
  await cable.cut();
  await cable.plugIn();
});

async function openClients() {
  const page = await browser.open();
  await signIn(page, perch);
  await page.goto(cable.url);
  await goTo(page, 'Clients');
  await seeLiveStatus(page, /Live/);
  return page;
}

/** Resolves when the banner above every page says so; pages say something like it of their own. */
async function seeUnreachable(page: Page): Promise<void> {
  await page
    .getByRole('status')
    .getByText(/^The server does not answer\. /)
    .waitFor();
}

test('when the network is cut the page says so, keeps what it knows and shows no zeros', async () => {
  await Device.connect(perch.server.mqttUrl, { clientId: 'stays-known', ...JOY });
  const page = await openClients();
  await seeClient(page, 'stays-known', { state: 'Online' });
  const counters = page.getByRole('main').getByRole('definition');
  await counters
    .first()
    .filter({ hasText: /^[1-9]\d*$/ })
    .waitFor();
  const known = await counters.allTextContents();
  await cable.cut();
  await seeLiveStatus(page, /Reconnecting|Stale/);
  await page.getByText(/^Not live/).waitFor();
  await clientRow(page, 'stays-known').getByText('Online', { exact: true }).waitFor();
  expect(await counters.allTextContents()).toEqual(known);
  await picture(page, 'clients-cut');

  // The overview, opened for the first time while the server is away: what is not known is "-", not 0.
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await seeUnreachable(page);
  await picture(page, 'overview-cut');
});

/** The pages that show what the broker is doing, by their names in the list of pages, and what each says when it knows. */
const live: readonly (readonly [name: string, said: RegExp])[] = [
  ['Overview', /fills-pages/],
  ['Clients', /fills-pages/],
  ['Topics', /plant/],
  ['Retained', /plant\/1\/state/],
  ['Metrics', /^\d+(\.\d)?\/s$/],
  ['Registry', /No service is registered/],
  ['Rules', /plant\/#/],
  ['Users', /joy/],
  ['Bans', /mallory/],
  ['Denied', /secret/],
  ['Audit', /bans\.create/],
];

/** What a page says of figures that are zero: texts of elements without others inside. */
function zerosOf(page: Page): Promise<string[]> {
  return page.locator('#main').evaluate((main) => {
    const leaves = [...main.querySelectorAll('*:not(option)')].filter((element) => element.childElementCount === 0);
    return leaves.map(({ textContent }) => (textContent ?? '').trim()).filter((text) => /^0(\D|$)/.test(text));
  });
}

/** Something of everything, so that a zero would be wrong. */
async function fillPages(): Promise<void> {
  const device = await Device.connect(perch.server.mqttUrl, { clientId: 'fills-pages', protocolVersion: 5, ...JOY });
  await device.subscribe('plant/#', 1);
  await device.publish('plant/1/state', 'on', { qos: 1, retain: true });
  await device.publish('secret', 'x', { qos: 1 }).catch(() => undefined);
  await perch.admin.ok('POST', '/bans', { kind: 'username', value: 'mallory' });
  // The overview shows who talks most, which the server looks for every ten seconds.
  const areMeasured = async () => JSON.stringify(await perch.admin.get('/traffic')).includes('fills-pages');
  await waitFor(areMeasured, { what: 'the traffic to be measured', timeoutMs: 30_000 });
}

test('on every page: what was known stays while the network is away, and it is said', async () => {
  await fillPages();
  const page = await browser.open();
  await signIn(page, perch);
  await page.goto(cable.url);
  for (const [name, said] of live) {
    await goTo(page, name);
    await page.locator('#main').getByText(said).first().waitFor();
  }
  await cable.cut();
  await seeLiveStatus(page, /Reconnecting|Stale/);
  for (const [name, said] of live) {
    await goTo(page, name);
    await seeUnreachable(page);
    await page.locator('#main').getByText(said).first().waitFor();
  }
});

test('on every page: what was never known is no zero', async () => {
  const page = await browser.open({ isForThisTest: true });
  await signIn(page, perch);
  await page.routeWebSocket(/./, (socket) => socket.close());
  await page.route(/\/api\/v1\/(?!auth\/me|setup)|\/health/, (route) => route.abort());
  await page.goto(perch.server.url);
  for (const [name] of live) {
    await goTo(page, name);
    await seeUnreachable(page);
    await seeLiveStatus(page, /Reconnecting|Stale|Connecting/);
    expect(await zerosOf(page), name).toEqual([]);
    await picture(page, `unknown-${name.toLowerCase()}`);
  }
});

test('what happened while the network was away is there after it comes back', async () => {
  const here = await Device.connect(perch.server.mqttUrl, { clientId: 'leaves-meanwhile', ...JOY });
  const page = await openClients();
  await seeClient(page, 'leaves-meanwhile', { state: 'Online' });
  await cable.cut();
  await seeLiveStatus(page, /Reconnecting|Stale/);
  await here.end();
  await Device.connect(perch.server.mqttUrl, { clientId: 'comes-meanwhile', ...JOY });
  await cable.plugIn();
  await seeLiveStatus(page, /Live/, 60_000);
  await seeClient(page, 'leaves-meanwhile', { state: 'Gone' });
  await seeClient(page, 'comes-meanwhile', { state: 'Online' });
  await page.getByText(/^Not live/).waitFor({ state: 'hidden' });
});

test('a network that only hangs is noticed too', { timeout: 120_000 }, async () => {
  await Device.connect(perch.server.mqttUrl, { clientId: 'hangs', ...JOY });
  const page = await openClients();
  await seeClient(page, 'hangs', { state: 'Online' });
  cable.hang();
  await seeLiveStatus(page, /Reconnecting|Stale/, 60_000);
  await clientRow(page, 'hangs').waitFor();
});

test('a paused page keeps still, and catches up', async () => {
  await Device.connect(perch.server.mqttUrl, { clientId: 'here-before', ...JOY });
  const page = await openClients();
  await seeClient(page, 'here-before', { state: 'Online' });
  await page.getByRole('button', { name: /^Live data: / }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await seeLiveStatus(page, /Paused/);
  await page.keyboard.press('Escape');
  await Device.connect(perch.server.mqttUrl, { clientId: 'while-paused', ...JOY });
  await waitFor(async () => (await perch.admin.client('while-paused'))?.online, { what: 'it to be online' });
  expect(await clientRow(page, 'while-paused').count()).toBe(0);
  await page.getByRole('button', { name: /^Live data: / }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await seeClient(page, 'while-paused', { state: 'Online' });
});

test('500 devices that connect at once are all in the list, and all gone when their power fails', async () => {
  const page = await openClients();
  const devices = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      Device.connect(perch.server.mqttUrl, { clientId: `mass-${String(index).padStart(3, '0')}`, ...JOY }),
    ),
  );
  await page.getByLabel('Filter by id, user or address').fill('mass-');
  // Many at once do not push the list about: they wait until one asks for them.
  const all = page.getByText(/^500 of \d+ clients$/);
  const show = page.getByRole('button', { name: /new.*Show/ });
  const seeAll = () =>
    waitFor(async () => (await all.isVisible()) || (await show.click({ timeout: 200 }).then(() => false)), {
      what: '500 clients to be listed',
    });
  await seeAll();
  await seeClient(page, 'mass-000', { state: 'Online' });
  for (const device of devices) device.destroy();
  await seeClient(page, 'mass-000', { state: 'Gone' });
  await page.getByRole('radiogroup', { name: 'State' }).getByText('Gone', { exact: true }).click();
  await seeAll(); // those who were still there when the filter was chosen wait, too
});
