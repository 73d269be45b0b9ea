import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

/** A picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const perch = useServer({}, async ({ admin }) => {
  const put = (topic: string, body: object) =>
    admin.ok('PUT', `/retained/message?topic=${encodeURIComponent(topic)}`, body);
  await put('camera/1', { payload: PNG, encoding: 'base64', properties: { contentType: 'image/png' } });
  for (let i = 0; i < 60; i++) await put(`plant/${i % 3}/${i}`, { payload: JSON.stringify({ temp: i }) });
});
const browser = useBrowser();

test('retained messages are found in a tree, looked at, deleted with all that is below, and put back', async () => {
  const page = await browser.open();
  await visit(page, perch, '/retained?as=tree');
  const tree = page.getByRole('tree', { name: 'Topics with a retained message' });
  await tree.getByRole('treeitem', { name: 'camera, 1 retained message below' }).waitFor();
  await tree.focus();
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: '1, retained' }).click();
  await page.getByText('image/png, 1 × 1').waitFor();
  await expectLooksRight(page, 'retained-tree-image');
  await tree.getByRole('treeitem', { name: 'plant, 60 retained messages below' }).click();
  await page.getByText('60 retained messages here and below').waitFor();
  await page.getByRole('button', { name: 'All of these' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete what plant/# matches?' });
  await dialog.getByText(/60 retained messages under/).waitFor();
  await expectLooksRight(page, 'retained-delete-many');
  await dialog.getByLabel(/60/).fill('60');
  await dialog.getByRole('button', { name: 'Delete 60' }).click();
  await page.getByText(/^Deleted: 60 retained messages under plant\/#/).waitFor();
  await page.getByText('0 retained messages here and below').waitFor();
  await expectLooksRight(page, 'retained-deleted-many');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/^Put back: 60 retained messages/).waitFor();
  await page.getByText('60 retained messages here and below').waitFor();
});

test('retained messages go into a file and come back from it, what is wrong with a line is told', async () => {
  const page = await browser.open();
  await visit(page, perch, '/retained?filter=camera/%23');
  await page.getByRole('grid', { name: 'Retained messages' }).getByText('camera/1').waitFor();
  await page.getByRole('button', { name: 'All of these' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export' }).click(),
  ]);
  const file = await text(await download.createReadStream());
  expect(JSON.parse(file)).toMatchObject({ topic: 'camera/1', payload: PNG, encoding: 'base64' });
  await perch.admin.ok('DELETE', '/retained/message?topic=camera/1');
  await page.getByRole('button', { name: 'All of these' }).click();
  await page.getByRole('menuitem', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import retained messages' });
  const choosing = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Choose a file' }).click();
  const buffer = Buffer.from(`${file}{"topic":"camera/+","payload":"x"}\n`);
  await (await choosing).setFiles({ name: 'retained.ndjson', mimeType: 'application/x-ndjson', buffer });
  await dialog.getByText('1 created, 0 replaced, 0 kept, 0 expired, 1 wrong').waitFor();
  await dialog.getByRole('table', { name: 'What is wrong' }).getByText('topic', { exact: true }).waitFor();
  await expectLooksRight(page, 'retained-import');
  await dialog.getByRole('button', { name: 'Import 1' }).click();
  await dialog.getByText('What became of the lines:').waitFor();
  // Two with the name: the cross, and the button.
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('grid', { name: 'Retained messages' }).getByText('camera/1').click();
  await page.getByText('image/png, 1 × 1').waitFor();
  await page.getByRole('button', { name: 'Edit & publish' }).click();
  const form = page.getByRole('dialog', { name: 'Edit & publish' });
  await form.getByLabel('Content type').waitFor();
  await expectLooksRight(page, 'retained-edit');
  await form.getByRole('button', { name: 'Add a user property' }).click();
  await form.getByLabel('Name of user property 1').fill('unit');
  await form.getByLabel('Value of user property 1').fill('°C');
  await form.getByRole('button', { name: 'Publish' }).click();
  const properties = page.getByRole('region', { name: 'MQTT 5 properties' });
  await properties.getByText('°C').waitFor();
  await properties.getByText('image/png').waitFor();
});
