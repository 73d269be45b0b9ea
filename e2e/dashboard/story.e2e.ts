import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture, useBrowser } from '../support/browser.js';
import {
  addRule,
  clientRow,
  createUser,
  goTo,
  saveRules,
  seeClient,
  seeLiveStatus,
  visit,
} from '../support/dashboard.js';
import { Device, destroyDevices } from '../support/device.js';
import {
  explainMissingMosquitto,
  hasMosquitto,
  killMosquitto,
  mosquittoPub,
  MosquittoSub,
} from '../support/mosquitto.js';
import { OperatorApi } from '../support/operator-api.js';
import { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

const ANA = { name: 'ana', password: 'a password that ana keeps' };
const JOY = { username: 'joy', password: 'joy-password-1' };

/** The presence list has this long from the broker's answer to the painted row. */
const A_SECOND_MS = 1000;

explainMissingMosquitto();

const browser = useBrowser();
let server: PerchServer;
let ana: OperatorApi;

beforeAll(async () => {
  server = await PerchServer.start({ adminPassword: null });
});

afterAll(async () => {
  destroyDevices();
  killMosquitto();
  await server.stop();
});

/** The fastest of them: on a machine that does much else, the others may have to wait for their turn. */
function expectWithinASecond(delaysMs: readonly number[]): void {
  expect(Math.min(...delaysMs), delaysMs.join(' ms, ')).toBeLessThan(A_SECOND_MS);
}

/** What a message with this text has to do: arrive at these devices and at no others. */
async function reaches(
  sender: Device,
  topic: string,
  receivers: readonly Device[],
  others: readonly Device[],
): Promise<void> {
  const text = `to ${topic} at ${performance.now()}`;
  await sender.publish(topic, text, { qos: 1 });
  for (const receiver of receivers) await receiver.message(text);
  // What comes to everybody comes after what was sent before: whoever has this has had the other, or will never get it.
  const fence = `fence at ${performance.now()}`;
  await sender.publish('plant/everybody', fence, { qos: 1 });
  for (const device of [...receivers, ...others]) await device.message(fence);
  for (const other of others) expect(other.texts(topic)).not.toContain(text);
}

// One story in order: each test begins where the one before ended.
describe.sequential('from the set-up link to the power cut', () => {
  const devices: Record<'tcp' | 'tcp5' | 'ws' | 'ws5', Device> = {} as never;
  let mosquitto: MosquittoSub | null = null;

  const open = async (path: string): Promise<Page> => {
    const page = await browser.open();
    await visit(page, { server, admin: ana });
    await goTo(page, path);
    await seeLiveStatus(page, /Live/);
    return page;
  };

  test('the one-time link makes the first operator, once', async () => {
    const page = await browser.open();
    await page.goto(server.url);
    await page.getByText('This broker has no operator yet').waitFor();
    await page.goto(server.setupUrl.replace('localhost', '127.0.0.1'));
    await page.getByLabel('Operator name').fill(ANA.name);
    await page.getByLabel('Password', { exact: true }).fill(ANA.password);
    await picture(page, 'setup');
    await page.getByRole('button', { name: 'Create the operator' }).click();
    await page.getByRole('heading', { name: 'Name the broker' }).waitFor();
    ana = new OperatorApi(server);
    await ana.signIn(ANA.name, ANA.password);

    const second = await browser.open();
    await second.goto(server.setupUrl.replace('localhost', '127.0.0.1'));
    await second.getByText('Perch is already set up').waitFor();
  });

  test('without a user nobody is let in', async () => {
    await expect(Device.connect(server.mqttUrl, { clientId: 'too-early', ...JOY })).rejects.toMatchObject({ code: 4 });
  });

  test('the operator creates a user; without a rule the device may connect and do nothing', async () => {
    const page = await open('Users');
    await createUser(page, JOY.username, JOY.password);
    await page.getByRole('row').filter({ hasText: JOY.username }).waitFor();
    const device = await Device.connect(server.mqttUrl, { clientId: 'no-rights', protocolVersion: 5, ...JOY });
    expect(await device.subscribe('plant/a')).toEqual([0x87]);
    await expect(device.publish('plant/a', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    await device.end();
  });

  test('the operator writes rules and saves them', async () => {
    const page = await open('Rules');
    await page.getByText('No rules: everything is denied').waitFor();
    const user = { effect: 'Allow', who: 'User', value: 'joy' } as const;
    await addRule(page, { effect: 'Deny', who: 'Everyone', may: 'Both', topics: ['plant/secret/#'] });
    await addRule(page, { ...user, may: 'Both', topics: ['plant/everybody', 'plant/kept/#'] });
    await addRule(page, { ...user, may: 'Both', topics: ['plant/red'] });
    await addRule(page, { ...user, may: 'Both', topics: ['plant/blue', 'devices/%c/#'] });
    await picture(page, 'rules-draft');
    await saveRules(page);
    await page.getByText('All changes saved').waitFor();
  });

  test('devices of four kinds connect and are in the presence list within a second', async () => {
    const page = await open('Clients');
    const kinds = [
      ['tcp', 4, server.mqttUrl],
      ['tcp5', 5, server.mqttUrl],
      ['ws', 4, server.mqttWsUrl],
      ['ws5', 5, server.mqttWsUrl],
    ] as const;
    const delaysMs: number[] = [];
    for (const [kind, protocolVersion, url] of kinds) {
      devices[kind] = await Device.connect(url, { clientId: `device-${kind}`, protocolVersion, ...JOY });
      const startedAt = performance.now();
      await seeClient(page, `device-${kind}`, { state: 'Online' });
      delaysMs.push(performance.now() - startedAt);
    }
    expectWithinASecond(delaysMs);
    await clientRow(page, 'device-ws5').getByText('MQTT 5', { exact: true }).waitFor();
    await clientRow(page, 'device-tcp').getByText('joy', { exact: true }).waitFor();
    await picture(page, 'clients-story');
  });

  test.skipIf(!hasMosquitto)('mosquitto_sub connects and is in the list', async () => {
    const page = await open('Clients');
    const login = { port: server.mqttPort, clientId: 'device-mosquitto', ...JOY };
    const topics = ['plant/red', 'plant/blue', 'plant/everybody'].flatMap((topic) => ['-t', topic]);
    mosquitto = await MosquittoSub.start(login, ...topics, '-v');
    await seeClient(page, 'device-mosquitto', { state: 'Online' });
    const pub = { ...login, clientId: 'mosquitto-pub' };
    expect(await mosquittoPub(pub, '-t', 'plant/red', '-m', 'from mosquitto', '-q', '1')).toMatchObject({ code: 0 });
    await mosquitto.says(/plant\/red from mosquitto/);
  });

  test('they do what the rules allow and are refused what they do not', async () => {
    const all = Object.values(devices);
    for (const device of all) {
      const granted = await device.subscribe(['plant/red', 'plant/blue', 'plant/everybody']);
      expect(granted).toEqual([0, 0, 0]);
      const refused = await device.subscribe(['plant/secret/x', 'elsewhere', '#', 'devices/device-other/x']);
      expect(refused.every((code) => code >= 0x80)).toBe(true);
      expect(await device.subscribe(`devices/${device.clientId}/x`)).toEqual([0]);
    }
    await reaches(devices.tcp, 'plant/red', all, []);
    await reaches(devices.ws5, 'plant/blue', all, []);
    await expect(devices.ws5.publish('plant/secret/x', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    await devices.tcp5.publish('plant/kept/state', 'before the cut', { qos: 1, retain: true });
  });

  test('the drawer of a client shows its subscriptions and the rules that allow them', async () => {
    const page = await open('Clients');
    await clientRow(page, 'device-tcp').click();
    const drawer = page.getByRole('dialog', { name: 'device-tcp' });
    await drawer.getByRole('tab', { name: /Subscriptions/ }).click();
    for (const filter of ['plant/red', 'plant/blue', 'plant/everybody', 'devices/device-tcp/x']) {
      await drawer.getByText(filter, { exact: true }).waitFor();
    }
    await picture(page, 'client-drawer');
  });

  test('when the operator removes one rule, exactly one subscription of each device is lost', async () => {
    const page = await open('Rules');
    await page.getByRole('button', { name: 'More for rule 3' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await saveRules(page);
    await page.getByText(/subscriptions? of \d+ clients? dropped/).waitFor();

    const all = Object.values(devices);
    for (const device of all) expect(device.mqtt.connected).toBe(true);
    await reaches(devices.tcp5, 'plant/blue', all, []);
    // Nobody may publish there any more either, so the server does.
    const publish = { topic: 'plant/red', payload: 'from the operator' };
    const { status } = await page.request
      .post(`${server.url}/api/v1/publish`, {
        data: publish,
        headers: { origin: server.url },
      })
      .then((response) => ({ status: response.status() }));
    expect(status).toBe(200);
    await reaches(devices.tcp5, 'plant/blue', all, []);
    for (const device of all) expect(device.texts('plant/red')).not.toContain('from the operator');
    for (const device of all) {
      const { session } = (await (
        await page.request.get(`${server.url}/api/v1/clients/${device.clientId}`)
      ).json()) as { session: { subscriptions: { filter: string }[] } };
      expect(session.subscriptions.map(({ filter }) => filter).sort()).toEqual([
        `devices/${device.clientId}/x`,
        'plant/blue',
        'plant/everybody',
      ]);
    }
    if (mosquitto) {
      await mosquitto.says(/plant\/blue/);
      expect(mosquitto.isRunning).toBe(true);
      expect(mosquitto.output).not.toContain('from the operator');
    }
  });

  test('when they are killed, they go offline in the list within a second', async () => {
    const page = await open('Clients');
    const delaysMs: number[] = [];
    for (const kind of ['tcp', 'ws', 'ws5'] as const) {
      await seeClient(page, `device-${kind}`, { state: 'Online' });
      const startedAt = performance.now();
      devices[kind].destroy();
      await seeClient(page, `device-${kind}`, { state: 'Gone' });
      delaysMs.push(performance.now() - startedAt);
    }
    expectWithinASecond(delaysMs);
    if (mosquitto) {
      mosquitto.kill('SIGKILL');
      await seeClient(page, 'device-mosquitto', { state: 'Gone' });
    }
  });

  test('after kill -9 and a restart everything is there again, also in the page that was open', async () => {
    const page = await open('Clients');
    await seeClient(page, 'device-tcp5', { state: 'Online' });
    await server.kill9();
    await seeLiveStatus(page, /Reconnecting|Stale|Connecting/);
    await server.restart();
    await seeLiveStatus(page, /Live/, 60_000);

    // Last seen, without loading the page anew.
    for (const kind of ['tcp', 'tcp5', 'ws', 'ws5']) await seeClient(page, `device-${kind}`, { state: 'Gone' });
    if (mosquitto) await seeClient(page, 'device-mosquitto', { state: 'Gone' });
    await clientRow(page, 'device-tcp5').getByText('joy', { exact: true }).waitFor();

    await goTo(page, 'Users');
    await page.getByRole('row').filter({ hasText: 'joy' }).waitFor();
    await goTo(page, 'Rules');
    const rules = page.getByRole('grid', { name: /Access rules/ });
    for (const topic of ['plant/secret/#', 'plant/everybody', 'plant/blue']) await rules.getByText(topic).waitFor();
    expect(await rules.getByText('plant/red').count()).toBe(0);
    await goTo(page, 'Retained');
    await page.getByText('plant/kept/state').click();
    await page.getByText('before the cut').first().waitFor();

    const device = await Device.connect(server.mqttUrl, { clientId: 'after-the-cut', protocolVersion: 5, ...JOY });
    expect(await device.subscribe(['plant/kept/#', 'plant/red', 'plant/blue'])).toEqual([0, 0x87, 0]);
    expect(await device.message('before the cut')).toMatchObject({ retain: true });
  });

  test('the audit trail tells who did it', async () => {
    const page = await open('Audit');
    const rows = page.getByRole('row');
    await rows.filter({ hasText: 'users.create' }).first().waitFor();
    await rows.filter({ hasText: 'ana' }).first().waitFor();
    await waitFor(async () => (await rows.count()) > 5, { what: 'the audit entries' });
  });
});
