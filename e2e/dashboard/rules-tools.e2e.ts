import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { signIn, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { allow, denyAll } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

let pump: Device;
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
  pump = await Device.connect(server.mqttUrl, { clientId: 'pump-1', protocolVersion: 5, ...JOY });
  pump.outlivesTests();
  await pump.subscribe(['plant/1/#', 'devices/pump-1/x']);
});
const browser = useBrowser();

/** A file of Mosquitto that does not mean quite the same here, with a user. */
const DYNSEC = JSON.stringify({
  roles: [{ rolename: 'field staff', acls: [{ acltype: 'publishClientSend', topic: 'plant/+/#', allow: true }] }],
  clients: [{ username: 'ann', encoded_password: '$7$101$c2FsdA==$AA==', roles: [{ rolename: 'field staff' }] }],
});

/** The address of each tool of the rules page, and what it shows when it is there. */
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
  [
    'who-live',
    '?tab=who&topic=plant%2F%23&among=clients',
    (page) => page.getByRole('region', { name: 'Clients with a session' }).getByText('pump-1').waitFor(),
  ],
  ['reach', '?tab=who&who=client&client=pump-1&username=joy', (page) => page.getByText('It can reach').waitFor()],
  ['problems', '?tab=problems', (page) => page.getByRole('list', { name: 'Problems of the draft' }).waitFor()],
];

test('each tool beside the rules is accessible and fits', { timeout: 480_000 }, async () => {
  const page = await browser.open();
  await signIn(page, perch);
  for (const [name, search, show] of tools) {
    await page.goto(`${perch.server.url}/access/rules${search}`);
    await show(page);
    await expectLooksRight(page, `rules-${name}`);
  }
});

test('what a draft goes through on its way is accessible and fits', { timeout: 480_000 }, async () => {
  const page = await browser.open();
  await visit(page, perch, '/access/rules');
  const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();

  await page.getByRole('checkbox', { name: 'Select rule 2' }).click();
  await page.getByRole('checkbox', { name: 'Select rule 3' }).click();
  const selected = page.getByRole('toolbar', { name: 'Selected rules' });
  await selected.getByText('2 rules selected').waitFor();
  await expectLooksRight(page, 'rules-bulk-bar');
  await selected.getByRole('button', { name: 'Clear selection' }).click();

  await tab('Access tests');
  await page.getByText('No access test yet').waitFor();
  await expectLooksRight(page, 'rules-tests-empty');
  await page.getByRole('button', { name: 'Add access test' }).click();
  const form = page.getByRole('form', { name: 'Access test' });
  await form.getByLabel('As client').fill('pump-1');
  await form.getByLabel('User', { exact: true }).fill('joy');
  await form.getByLabel('To topic').fill('plant/1/valve');
  await expectLooksRight(page, 'rules-tests-form');
  await form.getByRole('button', { name: 'Done' }).click();
  await page.getByText('All 1 pass').waitFor();

  // The draft takes from pump-1 what it has, and lets the test fail.
  await page.getByRole('checkbox', { name: 'Select rule 2' }).click();
  await selected.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('1 of 1 fail').waitFor();
  await expectLooksRight(page, 'rules-tests-failing');

  await tab('Impact');
  await page.getByRole('list', { name: 'Loses' }).getByRole('link', { name: 'pump-1', exact: true }).waitFor();
  await expectLooksRight(page, 'rules-impact');
  await page.getByText('By rule', { exact: true }).click();
  await page.getByRole('list', { name: 'By rule' }).getByText('removed rule').waitFor();
  await expectLooksRight(page, 'rules-impact-rules');

  await tab('History');
  await page.getByRole('button', { name: 'Compare revision 3' }).click();
  await page.getByRole('list', { name: 'Differences' }).waitFor();
  await expectLooksRight(page, 'rules-history');

  await page.getByRole('button', { name: 'Review & save' }).click();
  const review = page.getByRole('dialog', { name: 'Review & save' });
  await review.getByText('2 subscriptions', { exact: true }).waitFor();
  await expectLooksRight(page, 'rules-review');
  await review.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const importing = page.getByRole('dialog', { name: 'Import rules' });
  await importing.getByRole('textbox', { name: 'The file' }).fill(DYNSEC);
  await importing.getByText('1 user in the file').waitFor();
  await expectLooksRight(page, 'rules-import');
  await importing.getByRole('button', { name: 'Cancel' }).click();
  await importing.waitFor({ state: 'hidden' });

  await tab('Shadow');
  await page.getByText('No draft is judged in shadow').waitFor();
  await expectLooksRight(page, 'rules-shadow-none');
  await page.getByRole('button', { name: 'Judge my draft in shadow' }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await pump.publish('plant/2/valve', 'on', { qos: 1 });
  await page.reload();
  const rules = page.getByRole('list', { name: 'By rule' });
  await rules.getByText('The default').waitFor();
  await expectLooksRight(page, 'rules-shadow-rules');
  await page.getByText('By client', { exact: true }).click();
  await page.getByRole('list', { name: 'By client' }).getByRole('link', { name: 'pump-1', exact: true }).waitFor();
  await expectLooksRight(page, 'rules-shadow-clients');
});

test('many users at once are accessible and fit', async () => {
  const page = await browser.open();
  await visit(page, perch, '/access/users');
  await page.getByRole('checkbox', { name: 'Select all users that are shown' }).click();
  const bar = page.getByRole('toolbar', { name: 'Selected users' });
  await bar.getByRole('button', { name: 'Add label…' }).click();
  await page.getByRole('textbox', { name: 'Label' }).waitFor();
  await expectLooksRight(page, 'users-bulk-label');
  await page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete users' }).waitFor();
  await expectLooksRight(page, 'users-bulk-delete');
});
