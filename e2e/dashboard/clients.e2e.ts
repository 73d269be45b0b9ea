import { describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.js';
import { picture, useBrowser } from '../support/browser.js';
import { clientRow, signIn, visit } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', 'plant/%c/#')]);
});
const browser = useBrowser();

const connect = (clientId: string, password = JOY.password) =>
  Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, username: JOY.username, password });

test('one client is followed across its connections, its subscription ended, and several are kicked by keyboard', async () => {
  await expect(connect('pump-1', 'wrong')).rejects.toThrow();
  await (await connect('pump-1')).end();
  const pump = await connect('pump-1');
  await pump.subscribe('plant/pump-1/#', 1);
  const others = await Promise.all(['pump-2', 'pump-3'].map((clientId) => connect(clientId)));
  const page = await browser.open();
  await visit(page, perch, '/clients');
  await clientRow(page, 'pump-1').click();
  const drawer = page.getByRole('dialog', { name: 'pump-1' });
  await drawer.getByRole('tab', { name: 'Timeline' }).click();
  await drawer.getByText('Wrong user or password').waitFor();
  // Events are kept a moment after they happen; the tab asks for them again.
  const times = () => drawer.getByText('Connected', { exact: true }).count();
  await waitFor(async () => (await times()) === 2, { what: 'both connections' });
  await drawer.getByRole('tab', { name: 'Access' }).click();
  await drawer.getByText('plant/pump-1/#').first().waitFor();
  await drawer.getByRole('tab', { name: /^Subscriptions/ }).click();
  await drawer.getByRole('button', { name: 'Unsubscribe from plant/pump-1/#' }).click();
  await page
    .getByRole('dialog', { name: /^Unsubscribe pump-1/ })
    .getByRole('button', { name: 'Unsubscribe' })
    .click();
  await drawer.getByText('This client has no subscription.').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await clientRow(page, 'pump-2').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await page.getByText('2 chosen').waitFor();
  await page.getByRole('button', { name: 'Kick…' }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Kick 2 clients?' });
  await question.getByLabel(/^Type/).fill('2');
  await page.keyboard.press('Enter');
  await page.getByText('2 clients were disconnected').waitFor();
  await Promise.all(others.map((each) => each.closed()));
});

describe.each([
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 320 },
] as const)('in the $theme theme at $width pixels', ({ theme, width }) => {
  test('axe finds nothing, and nothing scrolls sideways, in any state of the page', async () => {
    const pump = await connect('pump-1');
    await pump.subscribe('plant/pump-1/#', 1);
    const page = await browser.open({ theme, width });
    await signIn(page, perch);
    const check = async (name: string) => {
      await picture(page, `clients-${name}-${theme}-${width}`);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    };
    await page.goto(`${perch.server.url}/clients?since=24h`);
    await clientRow(page, 'pump-1').getByRole('checkbox').click();
    await page.getByText('1 chosen').waitFor();
    await check('chosen');
    await page.getByRole('button', { name: 'Ban…' }).click();
    await page.getByRole('dialog', { name: 'Ban 1 client ids?' }).waitFor();
    await check('ban-many');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByRole('dialog', { name: 'More filters' }).waitFor();
    await check('filters');
    for (const tab of ['traffic', 'timeline', 'access', 'subscriptions']) {
      await page.goto(`${perch.server.url}/clients?c=pump-1&tab=${tab}`);
      const drawer = page.getByRole('dialog', { name: 'pump-1' });
      await drawer
        .getByRole('tabpanel')
        .getByText(/^(Messages in|Connected|May publish to|plant\/pump-1\/#)$/)
        .first()
        .waitFor();
      await check(tab);
    }
  });
});
