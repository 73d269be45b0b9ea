import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectLooksRight } from '../support/looks-right.js';
import { useServer } from '../support/use-server.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const BANNED = 0x8a;

const perch = useServer({}, ({ admin }) => admin.createUser(JOY.username, JOY.password));
const browser = useBrowser();

const connect = (clientId: string) => Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, ...JOY });

test('a connected client is banned from its drawer, gone and refused, and comes back when the ban is lifted', async () => {
  const device = await connect('pump-7');
  const page = await browser.open();
  await visit(page, perch, '/clients?c=pump-7');
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Client id pump-7' }).click();
  const form = page.getByRole('dialog', { name: 'Add a ban' });
  await form.getByText(/^Matches 1 online client/).waitFor();
  await form.getByLabel('Reason').fill('stolen');
  await form.getByRole('button', { name: 'Ban and disconnect 1' }).click();
  await page.getByText('Banned: client pump-7. Connections ended: 1').waitFor();
  await device.closed();
  await expect(connect('pump-7')).rejects.toMatchObject({ code: BANNED });
  const row = page.getByRole('table', { name: 'Bans' }).getByRole('row').filter({ hasText: 'pump-7' });
  await row.getByText('stolen').waitFor();
  await row.getByText(/^59 min/).waitFor();
  await row.getByRole('button', { name: 'Lift the ban of client pump-7' }).click();
  // It offers to be undone for ten seconds, and for as long as the pointer is on it.
  await page.getByText('Lifted: client pump-7 may connect again').hover();
  await (await connect('pump-7')).end();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row.waitFor();
  await expect(connect('pump-7')).rejects.toMatchObject({ code: BANNED });
  await row.getByRole('button', { name: 'Lift the ban of client pump-7' }).click();
  await page.getByText('Nobody is banned').waitFor();
});

test('a user whose name is banned is locked in the list of users, and one click lets it in, or keeps it out again', async () => {
  await perch.admin.ok('POST', '/bans', { kind: 'username', value: JOY.username, reason: 'password on a note' });
  const page = await browser.open();
  await visit(page, perch, '/access/users?state=locked');
  const row = page.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: JOY.username });
  await row.getByText('for ever, by admin: password on a note').waitFor();
  await expectLooksRight(page, 'users-locked');
  await row.getByRole('button', { name: 'Actions for joy' }).click();
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  const drawer = page.getByRole('dialog', { name: 'Edit joy' });
  await drawer.getByText(/nobody gets in by this name/).waitFor();
  await expectLooksRight(page, 'users-locked-drawer');
  await drawer.getByRole('button', { name: 'Lift the ban of user joy' }).click();
  await page.getByText('Lifted: user joy may connect again').hover();
  await page.getByText('No user matches the filter').waitFor();
  await (await connect('joy-1')).end();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row.waitFor();
  await expect(connect('joy-1')).rejects.toMatchObject({ code: BANNED });
  await drawer.getByRole('button', { name: 'Lift the ban of user joy' }).click();
  await page.getByText('No user matches the filter').waitFor();
});

test('every state of the page looks right', async () => {
  await perch.admin.ok('POST', '/bans', {
    kind: 'clientid',
    value: 'press',
    reason: 'A rather long reason, which goes on.',
  });
  await connect('pump-1');
  const page = await browser.open();
  await visit(page, perch, '/access/bans');
  await page.getByRole('button', { name: 'Extend the ban of client press' }).waitFor();
  await expectLooksRight(page, 'bans');
  await page.getByRole('button', { name: 'Extend the ban of client press' }).click();
  await page.getByRole('dialog').getByText('Counted from now.').waitFor();
  await expectLooksRight(page, 'bans-extend');
  await page.goto(`${perch.server.url}/access/bans?new=ipaddr&value=127.0.0.0/8`);
  await page.getByText(/You would lock yourself out/).waitFor();
  await expectLooksRight(page, 'bans-own-address');
  const form = page.getByRole('dialog', { name: 'Add a ban' });
  await form.getByText('User', { exact: true }).click();
  await form.getByLabel('Value').fill(JOY.username);
  await form.getByText(/^Matches \d+ online/).waitFor();
  await form.getByText('Until', { exact: true }).click();
  await expectLooksRight(page, 'bans-form');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('tab', { name: 'Ended' }).click();
  await page.getByText('No ban came to its end yet').waitFor();
  await expectLooksRight(page, 'bans-empty');
  await page.goto(`${perch.server.url}/clients?c=pump-1`);
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Client id pump-1' }).waitFor();
  await expectLooksRight(page, 'client-ban');
});
