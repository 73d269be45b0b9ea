import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.js';
import { signIn } from '../support/dashboard.js';
import { Device } from '../support/device.js';
import { expectFits } from '../support/fits.js';
import { useServer } from '../support/use-server.js';

/** What people who mean harm, or have bad luck, give for names and texts. */
const IMG = '<img src=x onerror="window.pwned=1">';
const SCRIPT = '"><script>window.pwned=1</script>';
const LINK = 'javascript:window.pwned=1';
const TURNED = 'pump\u202egpj.exe';
const HIDDEN = 'pump\u2066\u200b-1';
const LONG = `long-${'x'.repeat(900)}`;
const HOSTILE = [IMG, SCRIPT, LINK, TURNED, HIDDEN, LONG];
const RAW = 'bell\u0007 and \u001b[31mred';
const PASSWORD = 'joy-password-1';

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.setRules([
    { effect: 'deny', subject: 'clientid', value: IMG, access: 'pub', topics: ['secret/#'] },
    { effect: 'allow', subject: 'everyone', value: '*', access: 'pubsub', topics: ['#', '$registry/#'] },
  ]);
  await admin.ok('PATCH', '/settings', { changes: { brokerName: IMG } });
  await admin.ok('POST', '/operators', { name: IMG, password: 'a password of somebody', role: 'viewer' });
  await admin.ok('POST', '/api-keys', { name: `${SCRIPT}${TURNED}`, role: 'viewer', expiresAt: null });
});
const browser = useBrowser();

/** Clients, their topics, payloads, wills and refusals, each of them hostile. */
async function seed(): Promise<void> {
  for (const [index, text] of HOSTILE.entries()) {
    const username = text === LONG ? 'joy' : `user ${text}`;
    if (username !== 'joy') await perch.admin.createUser(username, PASSWORD);
    const will = { topic: `will/${text}`, payload: Buffer.from(text), qos: 1 as const, retain: true };
    const options = { clientId: text, username, password: PASSWORD, protocolVersion: 5 as const, will };
    const device = await Device.connect(perch.server.mqttUrl, options);
    await device.subscribe(`listen/${text}/#`);
    await device.publish(`say/${text}`, text, { qos: 1, retain: true });
    await device.publish(`secret/${index}`, text, { qos: 1 }).catch(() => undefined);
    await perch.admin.ok('POST', '/bans', { kind: 'username', value: `bad ${index} ${text}`, reason: SCRIPT });
  }
  const joy = { username: 'joy', password: PASSWORD };
  const late = await Device.connect(perch.server.mqttUrl, { clientId: `late ${IMG}`, clean: false, ...joy });
  await late.subscribe('late', 1);
  await late.end();
  await perch.admin.ok('POST', '/publish', { topic: 'late', payload: RAW, qos: 1 });
  await perch.admin.ok('PUT', '/retained/message?topic=say/raw', { payload: RAW });
}

/** Services of hostile names, or their leases anew: each lasts half a minute. */
async function registerServices(): Promise<void> {
  // A service is one level of a topic.
  for (const text of HOSTILE) if (!text.includes('/')) await register(text.slice(0, 200));
}

/** An instance of a service, both of this name. */
async function register(text: string): Promise<void> {
  const { status } = await fetch(`${perch.server.url}/registry/api/v1/services/${encodeURIComponent(text)}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`joy:${PASSWORD}`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instance_id: text, ip_addr: '10.0.0.1', port: 80 }),
  });
  expect(status).toBe(204);
}

/** As pages write what cannot be seen, or would turn what stands around it. */
const written = (text: string) =>
  text.replace(/[\p{Cc}\u200b\u202e\u2066]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

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

test(
  'hostile names and texts stand on every page as what they are, fit, and do nothing',
  { timeout: 240_000 },
  async () => {
    await seed();
    const page = await browser.open({ isForThisTest: true });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      dialog.dismiss().catch(() => undefined);
    });
    const violations = await watchPolicy(page);
    await signIn(page, perch);
    const part = (text: string) => encodeURIComponent(text);
    const visits: readonly (readonly [address: string, seen: string])[] = [
      ['/services', IMG],
      ['/services', TURNED],
      ['/services', LONG.slice(0, 200)],
      ['/', IMG],
      ['/', `user ${TURNED}`],
      ['/clients', IMG],
      ['/clients', SCRIPT],
      ['/clients', LINK],
      ['/clients', TURNED],
      ['/clients', HIDDEN],
      ['/clients', LONG],
      [`/clients?c=${part(IMG)}`, IMG],
      [`/clients?c=${part(TURNED)}`, `user ${TURNED}`],
      [`/clients?c=${part(IMG)}&tab=subscriptions`, `listen/${IMG}/#`],
      [`/clients?c=${part(TURNED)}&tab=subscriptions`, `listen/${TURNED}/#`],
      [`/clients?c=${part(IMG)}&tab=denied`, IMG],
      [`/clients?c=${part(TURNED)}&tab=traffic`, `say/${TURNED}`],
      [`/clients?c=${part(SCRIPT)}&tab=timeline`, SCRIPT],
      [`/clients?c=${part(SCRIPT)}&tab=access`, SCRIPT],
      [`/topics?find=${part('say/')}`, IMG],
      [`/topics?topic=${part(`say/${IMG}`)}&tab=message`, IMG],
      [`/topics?topic=${part(`say/${TURNED}`)}&tab=message`, `say/${TURNED}`],
      [`/topics?topic=${part(`listen/${IMG}/#`)}`, IMG],
      ['/retained', `say/${IMG}`],
      [`/retained?topic=${part(`say/${SCRIPT}`)}&view=text`, SCRIPT],
      ['/retained?topic=say/raw&view=text', RAW],
      [`/retained?as=tree&topic=${part(`say/${LINK}`)}`, LINK],
      ['/metrics?group=delivery', `late ${IMG}`],
      ['/access/rules', IMG],
      [`/access/rules?tab=test&client=${part(IMG)}&live=1&topic=${part(SCRIPT)}`, IMG],
      ['/access/users', `user ${IMG}`],
      ['/access/users', `user ${TURNED}`],
      ['/access/bans', SCRIPT],
      ['/access/bans', TURNED],
      [`/access/bans?new=clientid&value=${part(IMG)}`, 'Add a ban'],
      ['/access/users?new=user', 'Create a user'],
      ['/access/denied', IMG],
      [`/audit?object=${part(`user/user ${TURNED}`)}`, `user/user ${TURNED}`],
      ['/settings', 'General'],
      ['/settings/operators', IMG],
      ['/settings/api-keys', `${SCRIPT}${TURNED}`],
    ];
    const looked = new Set<string>();
    /** With names like these a page has to fit into any window; to see that once is enough. */
    const isFirstOf = (address: string) => {
      const kind = address.replace(/=[^&]*/g, '');
      const isFirst = !looked.has(kind);
      looked.add(kind);
      return isFirst;
    };
    for (const [address, seen] of visits) {
      if (address === '/services') await registerServices();
      await page.goto(`${perch.server.url}${address}`);
      const shown = page.locator('#main, [role=dialog]').getByText(written(seen));
      await shown
        .first()
        .waitFor({ state: 'attached' })
        .catch(() => {
          throw new Error(`${address} does not show ${written(seen).slice(0, 60)}`);
        });
      await expectHarmless(page, address);
      if (isFirstOf(address)) await expectFits(page, address);
    }
    await watchHostile(page);
    await expectHarmless(page, 'the live tail');
    await receiveHostile(page);
    await expectHarmless(page, 'the test client');
    await expectFits(page, 'the test client');
    expect([dialogs, violations]).toEqual([[], []]);
  },
);

/** Nothing has run, no link runs anything, and no sign on the page is hidden or turns others. */
async function expectHarmless(page: Page, where: string): Promise<void> {
  expect(await page.locator('a[href^="javascript:" i]').count(), where).toBe(0);
  const found = await page.evaluate(() => ({
    isOwned: 'pwned' in window,
    signs:
      document.body.innerText.match(/.{0,30}(?![\t\n\r])[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069].{0,10}/u)?.[0] ?? null,
  }));
  expect(found, where).toEqual({ isOwned: false, signs: null });
}

async function publishHostile(topic: string): Promise<void> {
  for (const text of [IMG, TURNED, RAW]) await perch.admin.ok('POST', '/publish', { topic, payload: text, qos: 1 });
}

async function watchHostile(page: Page): Promise<void> {
  await page.goto(`${perch.server.url}/topics?topic=tail/%23&tab=tail`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Nothing has passed yet').waitFor();
  await publishHostile(`tail/${TURNED}`);
  const messages = page.getByRole('grid', { name: 'Messages as they pass' });
  await messages.getByText(written(RAW)).click();
  await page.getByRole('region', { name: 'Payload' }).getByText(written(RAW)).waitFor();
}

async function receiveHostile(page: Page): Promise<void> {
  await page.goto(`${perch.server.url}/tools/client?topic=tail/%23`);
  const form = page.getByRole('region', { name: 'Connection', exact: true });
  await form.getByLabel('User').fill('joy');
  await form.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await form.getByRole('button', { name: /^Connect/ }).click();
  await form.getByText('Connected', { exact: true }).waitFor();
  const filters = page.getByRole('region', { name: 'Subscriptions', exact: true });
  await filters.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await filters.getByText(/^Granted/).waitFor();
  await publishHostile(`tail/${TURNED}`);
  const messages = page.getByRole('grid', { name: 'Messages' });
  await messages.getByText(written(RAW)).click();
  await page
    .getByRole('region', { name: 'Message', exact: true })
    .getByText(written(`tail/${TURNED}`))
    .waitFor();
}
