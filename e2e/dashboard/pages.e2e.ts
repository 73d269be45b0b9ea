import type { Locator, Page } from 'playwright-core';
import { beforeAll, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { signIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  for (const username of ['joy', 'ann', 'gateway-with-a-rather-long-name-in-the-basement-of-building-7']) {
    await admin.createUser(username, JOY.password);
  }
  await admin.ok('POST', '/users', {
    username: 'gateway',
    clientIdBinding: { kind: 'prefix', text: 'gateway-' },
    addresses: ['10.0.0.0/8'],
    labels: ['edge', 'building-7', 'north', 'rented'],
    validUntil: new Date(Date.now() + 4 * 3_600_000).toISOString(),
    note: 'In the basement, behind the boiler',
  });
  await admin.setRules([
    denyAll('sub', 'plant/secret/#'),
    allow(
      'joy',
      'pubsub',
      'plant/#',
      'devices/%c/#',
      'a/very/long/topic/that/goes/on/and/on/for/many/levels/to/see/how/it/wraps',
    ),
    allow('ann', 'sub', 'plant/+/temperature'),
    { ...allow('joy', 'pub', 'plant/1/temperature') },
  ]);
  await admin.ok('POST', '/operators', { name: 'vera', password: 'a password that vera keeps', role: 'viewer' });
  const json = JSON.stringify({ temperature: 21.5, unit: 'C', history: [1, 2, 3], nested: { deep: true } });
  await admin.ok('PUT', '/retained/message?topic=plant/1/state', { payload: json });
  await admin.ok('PUT', '/retained/message?topic=plant/2/state', { payload: 'plain text' });
  await admin.ok('PUT', '/retained/message?topic=plant/3/bytes', { payload: 'AAEC/w==', encoding: 'base64' });
});
const browser = useBrowser();

beforeAll(async () => {
  const { mqttUrl, mqttWsUrl } = perch.server;
  for (const [index, url] of [mqttUrl, mqttWsUrl, mqttUrl].entries()) {
    const device = await Device.connect(url, { clientId: `pump-${index}`, protocolVersion: 5, ...JOY });
    device.outlivesTests();
    await device.subscribe([`plant/${index}/#`, 'devices/pump-0/x']);
  }
  const gone = await Device.connect(mqttUrl, { clientId: 'a-client-that-has-left-and-has-a-long-name', ...JOY });
  await gone.end();
  const properties = { sessionExpiryInterval: 86_400 };
  const durable = { clientId: 'pump-asleep', clean: false, protocolVersion: 5 as const, properties };
  const asleep = await Device.connect(mqttUrl, { ...durable, ...JOY });
  await asleep.subscribe('plant/asleep/#', 1);
  await asleep.end();
  for (const payload of ['one', 'two', 'three']) {
    await perch.admin.ok('POST', '/publish', { topic: 'plant/asleep/x', payload, qos: 1 });
  }
});

/** A page of the dashboard, or what opens on it. */
interface View {
  readonly name: string;
  readonly path: string;
  readonly isSignedOut?: boolean;
  /** Brings the page to where it is to be looked at, and waits until that is there. */
  readonly show: (page: Page) => Promise<unknown>;
}

const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name }).first();
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

const views: readonly View[] = [
  { name: 'login', path: '/login', isSignedOut: true, show: (page) => page.getByLabel('Operator').waitFor() },
  { name: 'overview', path: '/', show: (page) => page.getByText('Subscriptions').first().waitFor() },
  { name: 'clients', path: '/clients', show: (page) => page.getByText('pump-1', { exact: true }).waitFor() },
  {
    name: 'clients-filtered-to-nothing',
    path: '/clients?q=no-such-client',
    show: (page) => page.getByText(/No client matches/).waitFor(),
  },
  { name: 'registry', path: '/services', show: (page) => page.getByText('No service is registered').waitFor() },
  { name: 'client-drawer', path: '/clients?c=pump-1', show: (page) => page.getByText('Keep alive').waitFor() },
  {
    name: 'client-subscriptions',
    path: '/clients?c=pump-0&tab=subscriptions',
    show: (page) => page.getByText('devices/pump-0/x').waitFor(),
  },
  {
    name: 'client-kick',
    path: '/clients?c=pump-1',
    show: async (page) => {
      await button(page, 'Kick').click();
      await dialog(page, 'Kick pump-1?').waitFor();
    },
  },
  {
    name: 'client-kept-session',
    path: '/clients?c=pump-asleep',
    show: (page) => page.getByRole('region', { name: 'Kept session' }).getByText('Queued', { exact: true }).waitFor(),
  },
  {
    name: 'client-purge',
    path: '/clients?c=pump-asleep',
    show: async (page) => {
      await button(page, 'Purge session').click();
      await dialog(page, 'Purge the session of pump-asleep?').waitFor();
    },
  },
  { name: 'retained', path: '/retained', show: (page) => page.getByText('plant/1/state').waitFor() },
  {
    name: 'retained-drawer',
    path: '/retained',
    show: async (page) => {
      await page.getByText('plant/1/state').click();
      await page.getByText('temperature').first().waitFor();
    },
  },
  {
    name: 'retained-hex',
    path: '/retained',
    show: async (page) => {
      await page.getByText('plant/3/bytes').click();
      await page.getByText('Hex', { exact: true }).click();
      await page.getByText(/00 01 02 ff/i).waitFor();
    },
  },
  {
    name: 'retained-publish',
    path: '/retained',
    show: async (page) => {
      await button(page, 'Publish a message').click();
      await dialog(page, 'Publish a message').waitFor();
    },
  },
  { name: 'rules', path: '/access/rules', show: (page) => page.getByText('plant/secret/#').first().waitFor() },
  {
    name: 'rules-text',
    path: '/access/rules?view=text',
    show: (page) => page.getByText('plant/secret/#').first().waitFor(),
  },
  {
    name: 'rules-problems',
    path: '/access/rules?tab=problems',
    show: (page) => page.getByRole('tabpanel', { name: /Problems/ }).waitFor(),
  },
  {
    name: 'rules-test-access',
    path: '/access/rules?client=pump-1&username=joy&action=subscribe&topic=plant%2F%23',
    show: (page) => page.getByText('Allowed', { exact: true }).waitFor(),
  },
  {
    name: 'rules-edit',
    path: '/access/rules',
    show: async (page) => {
      await button(page, 'Add rule').click();
      await page.getByRole('form', { name: 'Rule 5' }).waitFor();
    },
  },
  {
    name: 'rules-menu',
    path: '/access/rules',
    show: async (page) => {
      await button(page, 'More for rule 2').click();
      await page.getByRole('menuitem', { name: 'Move to top' }).waitFor();
    },
  },
  {
    name: 'rules-review',
    path: '/access/rules',
    show: async (page) => {
      await button(page, 'More for rule 2').click();
      await page.getByRole('menuitem', { name: 'Move to top' }).click();
      await button(page, 'Review & save').click();
      await button(page, 'Save 1 change').waitFor();
    },
  },
  {
    name: 'rules-import',
    path: '/access/rules',
    show: async (page) => {
      await button(page, 'Import').click();
      const box = dialog(page, 'Import rules');
      await box.getByRole('textbox', { name: 'The file' }).fill('allow username joy 3 plant/#\nthis is no rule\n');
      await box.getByText(/problems? in the file/).waitFor();
    },
  },
  { name: 'users', path: '/access/users', show: (page) => page.getByText('ann', { exact: true }).first().waitFor() },
  {
    name: 'users-create',
    path: '/access/users',
    show: async (page) => {
      await button(page, 'Create user').click();
      await dialog(page, 'Create a user').getByLabel('Username').waitFor();
    },
  },
  {
    name: 'users-menu',
    path: '/access/users',
    show: async (page) => {
      await button(page, 'Actions for ann').click();
      await page.getByRole('menuitem', { name: 'Reset password…' }).waitFor();
    },
  },
  {
    name: 'users-reset',
    path: '/access/users',
    show: async (page) => {
      await button(page, 'Actions for ann').click();
      await page.getByRole('menuitem', { name: 'Reset password…' }).click();
      await dialog(page, /Reset the password of ann/).waitFor();
    },
  },
  {
    name: 'users-edit',
    path: '/access/users',
    show: async (page) => {
      await button(page, 'Actions for gateway').click();
      await page.getByRole('menuitem', { name: 'Edit…' }).click();
      await dialog(page, 'Edit gateway').getByText('Begins with').waitFor();
    },
  },
  {
    name: 'users-created',
    path: '/access/users?new=user',
    show: async (page) => {
      const form = dialog(page, 'Create a user');
      await form.getByLabel('Username').fill(`made-${Date.now()}`);
      await form.getByRole('button', { name: 'Create user' }).click();
      await form.getByText('Copy the password now').waitFor();
      await form.getByText('mosquitto_pub').waitFor();
    },
  },
  {
    name: 'users-selected',
    path: '/access/users?label=edge',
    show: async (page) => {
      await page.getByRole('checkbox', { name: 'Select gateway' }).click();
      await page.getByText('1 selected').waitFor();
    },
  },
  {
    name: 'users-import',
    path: '/access/users?new=import',
    show: async (page) => {
      const content = 'username,password,labels\nimported-1,let me in,edge\nimported-2,short,\n';
      const file = { name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(content) };
      await page.locator('input[type=file]').setInputFiles(file);
      await dialog(page, 'Import users').getByText('1 with errors').waitFor();
    },
  },
  {
    name: 'users-delete',
    path: '/access/users',
    show: async (page) => {
      await button(page, 'Actions for joy').click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
      await dialog(page, 'Delete user joy?').waitFor();
    },
  },
  { name: 'audit', path: '/audit', show: (page) => page.getByText('users.create').first().waitFor() },
  {
    name: 'audit-entry',
    path: '/audit',
    show: async (page) => {
      await button(page, /^Details of users\.create/).click();
      await page.getByText('Request id').waitFor();
    },
  },
  { name: 'operators', path: '/settings/operators', show: (page) => page.getByText('vera').first().waitFor() },
  {
    name: 'operators-create',
    path: '/settings/operators',
    show: async (page) => {
      await button(page, 'Create with a password').click();
      await dialog(page, 'Create an operator').waitFor();
    },
  },
  { name: 'account', path: '/account', show: (page) => page.getByText('Appearance').waitFor() },
  {
    name: 'palette',
    path: '/',
    show: async (page) => {
      await page.getByText('Subscriptions').first().waitFor();
      await page.keyboard.press('Control+K');
      await page.getByPlaceholder('Search or run…').fill('cl');
    },
  },
  {
    name: 'shortcuts',
    path: '/',
    show: async (page) => {
      await page.getByText('Subscriptions').first().waitFor();
      await page.keyboard.press('?');
      await dialog(page, 'Keyboard shortcuts').waitFor();
    },
  },
  {
    name: 'live',
    path: '/',
    show: async (page) => {
      await button(page, /^Live data: Live/).click();
      await button(page, 'Pause').waitFor();
    },
  },
  {
    name: 'account-menu',
    path: '/',
    show: async (page) => {
      await button(page, 'Account of admin').click();
      await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
    },
  },
  { name: 'not-found', path: '/no/such/page', show: (page) => page.getByText('There is no such page').waitFor() },
];

async function open({ isSignedOut, path, show }: View): Promise<Page> {
  const page = await browser.open();
  if (!isSignedOut) await signIn(page, perch);
  await page.goto(perch.server.url + path);
  await show(page);
  return page;
}

test.each(views)('$name looks right', async (view) => {
  await expectLooksRight(await open(view), view.name);
});
