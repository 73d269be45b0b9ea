import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', '#')]);
});
const browser = useBrowser();

const connect = (clientId: string) => Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, ...JOY });

test('topics are found in the tree by keyboard; who listens, what is kept and what passes is seen', async () => {
  const pump = await connect('pump-7');
  await pump.subscribe('plant/+/temp');
  await pump.publish('plant/1/temp', '{"temp":21}', { qos: 1, retain: true });
  await pump.publish(`${EVIL}/x`, EVIL, { qos: 1, retain: true });
  const page = await browser.open();
  await visit(page, perch, '/topics');
  const tree = page.getByRole('tree', { name: 'Topics' });
  await tree.getByRole('treeitem', { name: /^plant, 1 subscription, 1 retained message below/ }).waitFor();
  await tree.focus();
  // A letter goes to the level that begins with it; arrows unfold, and go in.
  await page.keyboard.type('pl');
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: /^\+, 1 subscription/ }).waitFor();
  await page.keyboard.type('1');
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: /^temp, retained/ }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'plant/1/temp' }).waitFor();
  await page.getByRole('grid', { name: 'Subscribers' }).getByText('plant/+/temp').waitFor();
  // It is counted from when somebody looks; in the tree, and over the topic that is open.
  const rated = tree.getByRole('treeitem', { name: /^temp, retained, [1-9][\d.]* messages a second/ });
  let isSeen = false;
  const seen = Promise.all([rated.waitFor(), page.getByText(/^[1-9][\d.]* messages a second$/).waitFor()]).finally(
    () => (isSeen = true),
  );
  while (!isSeen) await pump.publish('plant/1/temp', '{"temp":21}', { qos: 1 }).then(() => setTimeout(20));
  await seen;
  await expectLooksRight(page, 'topics-subscribers');
  await page.getByRole('tab', { name: 'Last message' }).click();
  await page.getByText('temp:').waitFor();
  await page.getByRole('tab', { name: 'Who may…' }).click();
  await page.getByText('joy').first().waitFor();
  await page.getByRole('tab', { name: 'Live tail' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Nothing has passed yet').waitFor();
  await pump.publish('plant/1/temp', '{"temp":22,"on":true}', { qos: 1 });
  await pump.publish('plant/1/temp', '{"temp":23,"on":true}', { qos: 1 });
  const messages = page.getByRole('grid', { name: 'Messages as they pass' });
  await messages.getByText('{"temp":23,"on":true}').waitFor();
  await page.getByText(/2 of 2 messages since the start/).waitFor();
  await page.getByLabel('JSON path').fill('on');
  await messages.getByRole('gridcell', { name: 'true', exact: true }).first().waitFor();
  await expectLooksRight(page, 'topics-tail');
  await messages.getByText('{"temp":23,"on":true}').click();
  await page.getByRole('region', { name: 'Changed against the message before on this topic' }).waitFor();
  await expectLooksRight(page, 'topics-tail-message');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText(/^Stopped\./).waitFor();
  // The server hears of the end when the connection has gone.
  const audited = async () => {
    const { items } = await perch.admin.get<{ items: { action: string }[] }>('/audit?object=filter/plant/1/temp/%23');
    return items.map(({ action }) => action).join();
  };
  await waitFor(async () => (await audited()) === 'tails.end,tails.start', { what: 'the audit of the tail' });
});

test('what is written to do harm does nothing, as a topic and as a payload', async () => {
  const pump = await connect('pump-8');
  const page = await browser.open();
  await visit(page, perch, `/topics?topic=${encodeURIComponent(`${EVIL}/x`)}&tab=message`);
  await page.getByRole('tab', { name: 'Text' }).click();
  await page.getByRole('region', { name: 'Payload' }).getByText(EVIL).waitFor();
  await page.getByRole('tab', { name: 'Live tail' }).click();
  await page.getByLabel('Filter to watch').fill('#');
  await page.getByRole('button', { name: 'Start' }).click();
  // It reaches everything: asked first.
  await page.getByRole('button', { name: 'Watch a sample' }).click();
  await page.getByText('Nothing has passed yet').waitFor();
  await pump.publish(`${EVIL}/y`, EVIL, { qos: 1 });
  const messages = page.getByRole('grid', { name: 'Messages as they pass' });
  await messages.getByText(EVIL).first().click();
  await page.getByRole('region', { name: 'Payload' }).getByText(EVIL).waitFor();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});

test('without topics the page says what it is for', async () => {
  const page = await browser.open();
  await visit(page, perch, '/topics?find=nobody/knows');
  await page.getByText('No topic begins with nobody/knows').waitFor();
  await expectLooksRight(page, 'topics-none');
});
