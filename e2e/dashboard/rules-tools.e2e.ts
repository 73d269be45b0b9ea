import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { type Looks, picture, useBrowser } from '../support/browser.js';
import { logIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin, server }) => {
  await admin.createUser(JOY.username, JOY.password);
  const rules = [
    denyAll('sub', 'plant/secret/#'),
    allow('joy', 'pubsub', 'plant/#', 'devices/%c/#'),
    allow('joy', 'pub', 'plant/1/temperature'),
    allow('bob', 'pub', 'plant/#'),
    allow('bob', 'pub', 'plant/1/temperature'),
  ];
  await admin.setRules(rules);
  await admin.setRules([...rules, allow('ann', 'sub', 'devices/+')]);
  const device = await Device.connect(server.mqttUrl, { clientId: 'pump-1', protocolVersion: 5, ...JOY });
  device.outlivesTests();
  await device.subscribe(['plant/1/#', 'devices/pump-1/x']);
});
const browser = useBrowser();

/** Each tool of the rules page, and what it shows when it is there. */
const tools: readonly [name: string, search: string, show: (page: Page) => Promise<unknown>][] = [
  [
    'test-denied',
    '?tab=test&client=pump-1&username=joy&topic=devices%2Fpump-2%2Fx',
    (page) => page.getByRole('main').getByText('Denied', { exact: true }).waitFor(),
  ],
  [
    'propose',
    '?tab=test&client=pump-1&username=joy&topic=other&propose=allow',
    (page) => page.getByRole('dialog', { name: 'A rule that allows this' }).waitFor(),
  ],
  ['who', '?tab=who&topic=plant%2F1%2Fvalve', (page) => page.getByText('By the rules of the draft').waitFor()],
  ['reach', '?tab=who&who=client&client=pump-1&username=joy', (page) => page.getByText('It can reach').waitFor()],
  ['problems', '?tab=problems', (page) => page.getByRole('list', { name: 'Problems of the draft' }).waitFor()],
  ['tests-empty', '?tab=tests', (page) => page.getByText('No access test yet').waitFor()],
  [
    'tests-form',
    '?tab=tests',
    async (page) => {
      await page.getByRole('button', { name: 'Add access test' }).click();
      await page.getByRole('form', { name: 'Access test' }).waitFor();
    },
  ],
];

const looks: readonly Looks[] = [{ theme: 'light' }, { theme: 'dark' }, { theme: 'light', width: 390, height: 780 }];

test.each(looks)('each tool beside the rules is accessible and fits: %o', { timeout: 240_000 }, async (look) => {
  const page = await browser.open(look);
  await logIn(page, perch.server);
  for (const [name, search, show] of tools) {
    await page.goto(`${perch.server.url}/access/rules${search}`);
    await show(page);
    await picture(page, `rules-${name}-${look.theme}-${look.width ?? 1280}`);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  }
  expect(tools.length).toBeGreaterThan(0);
});
