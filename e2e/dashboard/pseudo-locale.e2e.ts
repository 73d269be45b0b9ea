import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoSidewaysScroll, untilStill } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { signIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow, denyAll } from '../support/operator-api.js';
import { buildPseudoLocale, faultsOfTexts, showDashboardOf } from '../support/pseudo-locale.js';
import { useServer } from '../support/use-server.js';

// Names that the tests give are Russian: every English word that is left is one of the dashboard itself.
const JULIA = { username: 'юля', password: 'пароль-юли-1' };

/** Words of every language, and what the server itself writes where nobody has yet: it notes its first start. */
const names = ['Perch', 'QoS', 'Ctrl', 'Esc', 'Base64', 'min', 'admin', 'perch', 'First', 'start', 'node', hostname()];

const building = buildPseudoLocale();
const perch = useServer({ adminPassword: null });
const browser = useBrowser();
let folder: string;
beforeAll(async () => {
  folder = await building;
});
afterAll(() => rm(folder, { recursive: true }));

/** A bit of everything that a page can show. */
async function seed(): Promise<void> {
  const { admin, server } = perch;
  await admin.createUser(JULIA.username, JULIA.password);
  await admin.setRules([
    denyAll('sub', 'завод/тайна/#'),
    allow('юля', 'pubsub', 'завод/#', 'насосы/%c/#'),
    allow('юля', 'pub', 'завод/1/тепло'),
  ]);
  await admin.ok('PUT', '/retained/message?topic=завод/1/тепло', { payload: '{"а": 21.5}' });
  await admin.ok('POST', '/bans', { kind: 'clientid', value: 'вор', reason: 'шум' });
  await admin.ok('POST', '/api-keys', { name: 'ключ', role: 'viewer', expiresAt: null });
  const connect = (clientId: string, options = {}) =>
    Device.connect(server.mqttUrl, { clientId, protocolVersion: 5, ...JULIA, ...options });
  const pump = await connect('насос-1');
  await pump.subscribe(['завод/1/#', 'завод/тайна/имя']);
  await pump.publish('чужое', 'нет', { qos: 1 }).catch(() => undefined);
  const asleep = await connect('насос-2', { clean: false, properties: { sessionExpiryInterval: 86_400 } });
  await asleep.subscribe('завод/2/#', 1);
  await asleep.end();
  await connect('вор').catch(() => undefined);
  await connect('чужой', { password: 'неверный' }).catch(() => undefined);
}

const each = (path: string, ...parts: string[]) => parts.map((part) => path + part);

/** What has an address, for somebody who is signed in. */
const addresses = [
  ...each('/setup?step=', 'broker', 'access', 'user', 'connect'),
  '/',
  '/clients',
  '/clients?c=насос-2',
  ...each('/clients?c=насос-1&tab=', 'session', 'subscriptions', 'traffic', 'timeline', 'denied', 'access'),
  ...each('/topics?topic=завод/1/тепло&tab=', 'subscribers', 'message', 'tail', 'retained', 'who', 'publish'),
  '/retained?as=tree',
  '/retained?topic=завод/1/тепло',
  ...each('/metrics?group=', 'connections', 'access'),
  '/metrics?view=table',
  '/services',
  '/access/rules?view=text',
  '/access/rules?tab=test&client=насос-1&username=юля&action=subscribe&topic=завод/%23',
  '/access/rules?tab=who&topic=завод/1',
  ...each('/access/rules?tab=', 'problems', 'tests', 'impact', 'history', 'shadow'),
  '/access/users?new=user',
  '/access/users?new=import',
  '/access/bans',
  '/access/bans?new=clientid&value=вор',
  '/access/denied',
  '/access/denied?tab=auth',
  '/tools/client',
  '/audit',
  ...each('/settings?section=', 'listeners', 'privacy', 'about'),
  ...each('/settings/', 'authentication', 'bridges', 'operators', 'api-keys', 'backup'),
  '/account',
  '/no/such/page',
];

/** What opens on a page, by a key or by a click on its last menu. */
const overlays = [
  { name: 'shortcuts', address: '/', key: '?', shows: '[role=dialog]' },
  { name: 'palette', address: '/', key: 'Control+K', shows: '[role=dialog] input' },
  { name: 'rule-form', address: '/access/rules', key: 'n', shows: 'main form' },
  { name: 'rules-menu', address: '/access/rules', key: null, shows: '[role=menu]' },
  { name: 'users-menu', address: '/access/users', key: null, shows: '[role=menu]' },
  { name: 'retained-menu', address: '/retained', key: null, shows: '[role=menu]' },
] as const;

/** A tab in the pseudo-locale, and what was found wrong in it. */
class Tab {
  readonly faults: string[] = [];
  private widths = [1280, 390];
  private asked = 0;
  private answered = 0;

  constructor(private readonly page: Page) {
    page.on('request', () => this.asked++);
    page.on('requestfinished', () => this.answered++);
    page.on('requestfailed', () => this.answered++);
  }

  async load(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('h1').waitFor();
    await this.untilComplete();
  }

  /** As a click on a link does it: to load everything anew would take most of the time. */
  async goTo(address: string): Promise<void> {
    await this.page.evaluate((to) => history.pushState(null, '', to), address);
    await this.untilComplete();
  }

  /** Looks for faults at the widths of a desk and of a telephone, beginning with the one that it has. */
  async look(name: string): Promise<void> {
    for (const width of this.widths) {
      await this.page.setViewportSize({ width, height: 900 });
      await expectNoSidewaysScroll(this.page);
      const file = name.replaceAll(/[^\p{L}\d]+/gu, '-').replaceAll(/^-|-$/g, '') || 'overview';
      await picture(this.page, `pseudo-${file}-${width}`);
      const found = await faultsOfTexts(this.page, names);
      this.faults.push(...found.map((fault) => `${name} at ${width}: ${fault}`));
    }
    this.widths.reverse();
  }

  /** Resolves when all that was asked for is here, and what came of it has asked for nothing more. */
  async untilComplete(): Promise<void> {
    for (let rounds = 0; rounds < 2; rounds++) {
      const before = this.asked;
      await untilStill(this.page);
      const isAnswered = () => this.asked === this.answered;
      await expect.poll(isAnswered, { interval: 20, timeout: 10_000, message: 'all answers' }).toBe(true);
      if (this.asked !== before) rounds = -1;
    }
  }
}

test('all pages say what the catalogues say, and have room for longer words', { timeout: 240_000 }, async () => {
  const page = await browser.open({ isForThisTest: true });
  await showDashboardOf(folder, page);
  const tab = new Tab(page);
  const { admin, server } = perch;
  const setupUrl = new URL(server.setupUrl);
  await tab.load(server.url + setupUrl.pathname + setupUrl.hash);
  await tab.look('setup');
  const token = new URLSearchParams(setupUrl.hash.slice(1)).get('token') ?? setupUrl.hash.slice(1);
  await admin.ok('POST', '/setup', { token, name: 'admin', password: 'пароль админа один' });
  const { path } = await admin.ok<{ path: string }>('POST', '/invitations', { name: 'аня', role: 'viewer' });
  await tab.load(server.url + path);
  await tab.look('join');
  await tab.load(`${server.url}/login`);
  await tab.look('login');
  await seed();
  await signIn(page, perch);
  await tab.load(server.url);
  for (const address of addresses) {
    await tab.goTo(address);
    await tab.look(address);
  }
  for (const { name, address, key, shows } of overlays) {
    await tab.goTo(address);
    await (key === null ? page.locator('main [aria-haspopup=menu]').last().click() : page.keyboard.press(key));
    await page.locator(shows).first().waitFor();
    await tab.untilComplete();
    await tab.look(name);
    await page.keyboard.press('Escape');
  }
  expect(tab.faults).toEqual([]);
});

test('a word of no catalogue, one that is cut off, and one that sticks out are found', async () => {
  const page = await browser.open();
  await page.setContent(`<title>[Ŕûļéš··] - Perch</title>
    <style>p, button { width: 40px; white-space: nowrap; } p { overflow: hidden; }</style>
    <h1>Rules</h1> <button title="Close it">×</button> <p>[Šéţţîñĝš···]</p> <button>[Šåṽé·· åļļ·]</button>
    <p style="text-overflow: ellipsis">[Šéţţîñĝš···]</p> <i>[Ŕûļé·· admin]</i> <kbd>Ctrl</kbd> <span lang="en">Help</span>`);
  expect(await faultsOfTexts(page, [])).toEqual([
    'title: Close it <button class="">',
    'hard-coded: Rules <h1 class="">',
    'cut off <p class="">: [Šéţţîñĝš···] <p class="">',
    'sticks out <button class="">: [Šåṽé·· åļļ·] <button class="">',
  ]);
});
