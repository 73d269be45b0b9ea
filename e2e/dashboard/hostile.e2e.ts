import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { logIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { useServer } from '../support/use-server.js';

/** What people who mean harm, or have bad luck, give for names and texts. */
const IMG = '<img src=x onerror="window.pwned=1">';
const SCRIPT = '"><script>window.pwned=1</script>';
const LINK = 'javascript:window.pwned=1';
const TURNED = 'pump\u202egpj.exe';
const LONG = `long-${'x'.repeat(900)}`;
const HOSTILE = [IMG, SCRIPT, LINK, TURNED, LONG];
const PASSWORD = 'joy-password-1';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.setRules([
    { effect: 'deny', subject: 'clientid', value: IMG, access: 'pub', topics: ['secret/#'] },
    { effect: 'allow', subject: 'everyone', value: '*', access: 'pubsub', topics: ['#'] },
  ]);
});
const browser = useBrowser();

/** Clients, their topics, payloads, wills and refusals, each of them hostile. */
async function seed(): Promise<void> {
  for (const [index, text] of HOSTILE.entries()) {
    const username = text === LONG ? 'joy' : `user ${text}`.replace(TURNED, 'turned');
    if (username !== 'joy') await perch.admin.createUser(username, PASSWORD);
    const will = { topic: `will/${text}`, payload: Buffer.from(text), qos: 1 as const, retain: true };
    const options = { clientId: text, username, password: PASSWORD, protocolVersion: 5 as const, will };
    const device = await Device.connect(perch.server.mqttUrl, options);
    await device.subscribe(`listen/${text}/#`);
    await device.publish(`say/${text}`, text, { qos: 1, retain: true });
    await device.publish(`secret/${index}`, text, { qos: 1 }).catch(() => undefined);
    await perch.admin.ok('POST', '/bans', { kind: 'username', value: `bad ${index} ${IMG}`, reason: SCRIPT });
  }
}

/** Reports of the content security policy, which the page itself would not tell. */
async function watchPolicy(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('reportViolation', (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { reportViolation: (text: string) => void }).reportViolation(
        `${violatedDirective} ${blockedURI}`,
      );
    });
  });
  return violations;
}

test('hostile names and texts stand on every page as what they are, and do nothing', async () => {
  await seed();
  const page = await browser.open();
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss().catch(() => undefined);
  });
  const violations = await watchPolicy(page);
  await logIn(page, perch.server);
  const part = (text: string) => encodeURIComponent(text);
  const visits: readonly (readonly [address: string, seen: string])[] = [
    ['/', IMG],
    ['/clients', IMG],
    ['/clients', SCRIPT],
    ['/clients', LINK],
    ['/clients', TURNED],
    ['/clients', LONG],
    [`/clients?c=${part(IMG)}`, IMG],
    [`/clients?c=${part(IMG)}&tab=subscriptions`, `listen/${IMG}/#`],
    [`/clients?c=${part(IMG)}&tab=denied`, IMG],
    [`/clients?c=${part(SCRIPT)}&tab=timeline`, SCRIPT],
    [`/clients?c=${part(SCRIPT)}&tab=access`, SCRIPT],
    [`/topics?find=${part('say/')}`, IMG],
    [`/topics?topic=${part(`say/${IMG}`)}&tab=message`, IMG],
    [`/topics?topic=${part(`listen/${IMG}/#`)}`, IMG],
    ['/retained', `say/${IMG}`],
    [`/retained?topic=${part(`say/${SCRIPT}`)}&view=text`, SCRIPT],
    [`/retained?as=tree&topic=${part(`say/${LINK}`)}`, LINK],
    ['/access/rules', IMG],
    [`/access/rules?tab=test&client=${part(IMG)}&live=1&topic=${part(SCRIPT)}`, IMG],
    ['/access/users', `user ${IMG}`],
    ['/access/bans', SCRIPT],
    ['/access/denied', IMG],
    ['/audit', 'users.create'],
  ];
  for (const [address, seen] of visits) {
    await page.goto(`${perch.server.url}${address}`);
    const shown = page.locator('#main, [role=dialog]').getByText(seen);
    await shown
      .first()
      .waitFor({ state: 'attached' })
      .catch(() => {
        throw new Error(`${address} does not show ${seen.slice(0, 60)}`);
      });
    expect(await page.locator('a[href^="javascript:" i]').count(), address).toBe(0);
    expect(await page.evaluate(() => 'pwned' in window), address).toBe(false);
  }
  expect([dialogs, violations]).toEqual([[], []]);
});
