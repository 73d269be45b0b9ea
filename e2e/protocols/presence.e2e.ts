import { expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const PASSWORD = 'joy-password-1';
const PREFIX = '$SYS/broker/connection/clients/';
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

interface Presence {
  readonly clientID: string;
  readonly online: boolean;
  readonly timestamp: string;
  readonly seq: number;
  readonly reason?: string;
  readonly username?: string;
  readonly protocol: string;
  readonly address: string;
  readonly node: string;
  readonly durationMs?: number;
}

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser('joy', PASSWORD);
  await admin.createUser('watcher', PASSWORD);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#'), allow('watcher', 'sub', '$SYS/#')]);
});

const connect = (clientId: string, options = {}) =>
  Device.connect(perch.server.mqttUrl, { clientId, username: 'joy', password: PASSWORD, ...options });

async function aWatcher(clientId: string, filter: string): Promise<Device> {
  const watcher = await connect(clientId, { username: 'watcher' });
  await watcher.subscribe(filter, 1);
  return watcher;
}

const presenceOf = (watcher: Device, clientId: string) =>
  watcher.texts(PREFIX + clientId).map((text) => JSON.parse(text) as Presence);

test('coming and going is published with exactly these three fields first', async () => {
  const watcher = await aWatcher('watcher-1', `${PREFIX}+`);
  const device = await connect('client001');
  await watcher.message(({ topic, text }) => topic === `${PREFIX}client001` && text.includes('"online":true'));
  await device.end();
  await watcher.message(({ topic, text }) => topic === `${PREFIX}client001` && text.includes('"online":false'));

  const [came, went] = watcher.texts(`${PREFIX}client001`);
  expect(came).toMatch(/^\{"clientID":"client001","online":true,"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"[,}]/);
  expect(went).toMatch(/^\{"clientID":"client001","online":false,"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"[,}]/);
  const [first, second] = presenceOf(watcher, 'client001');
  expect(first).toMatchObject({ username: 'joy', protocol: 'mqtt3.1.1', address: '127.0.0.1' });
  expect(second).toMatchObject({ reason: 'client-disconnected', username: 'joy' });
  expect(second?.durationMs).toBeGreaterThanOrEqual(0);
  expect(Math.abs(Date.parse(first?.timestamp ?? '') - Date.now())).toBeLessThan(60_000);
});

test('an event arrives within a second, and the sequence has no gap', async () => {
  const watcher = await aWatcher('watcher-2', `${PREFIX}+`);
  const startedAt = performance.now();
  const devices = await Promise.all(Array.from({ length: 20 }, (_, index) => connect(`burst-${index}`)));
  for (const device of devices) device.destroy();
  const isGone = (text: string) => text.includes('"online":false');
  await waitFor(
    () => watcher.messages.filter(({ topic, text }) => topic.includes('/burst-') && isGone(text)).length === 20,
    { what: '20 departures' },
  );
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  const live = watcher.messages.filter(({ retain }) => !retain).map(({ text }) => (JSON.parse(text) as Presence).seq);
  expect(live).toEqual(live.map((_, index) => (live[0] ?? 0) + index));
  const reasons = watcher.messages.filter(({ text }) => text.includes('burst-') && isGone(text));
  expect(reasons.every(({ text }) => (JSON.parse(text) as Presence).reason === 'connection-lost')).toBe(true);
});

test('who subscribes later gets the last known presence of everybody, retained', async () => {
  const here = await connect('still-here');
  const gone = await connect('gone-already');
  await gone.end();
  const watcher = await aWatcher('watcher-3', `${PREFIX}+`);
  await watcher.message(({ topic }) => topic === `${PREFIX}still-here`);
  await watcher.message(({ topic }) => topic === `${PREFIX}gone-already`);
  expect(presenceOf(watcher, 'still-here')).toMatchObject([{ online: true }]);
  expect(presenceOf(watcher, 'gone-already')).toMatchObject([{ online: false }]);
  const retained = watcher.messages.filter(({ topic }) => topic === `${PREFIX}still-here`);
  expect(retained[0]).toMatchObject({ retain: true });
  here.destroy();
});

test('one client can be watched alone', async () => {
  const watcher = await aWatcher('watcher-4', `${PREFIX}only-me`);
  await connect('not-me');
  await connect('only-me');
  await watcher.message(({ topic }) => topic === `${PREFIX}only-me`);
  expect(watcher.messages).toHaveLength(1);
  expect(presenceOf(watcher, 'only-me')[0]?.timestamp).toMatch(INSTANT);
});

test('a client id with characters of topics is one level, and is told unchanged in the payload', async () => {
  const watcher = await aWatcher('watcher-5', `${PREFIX}+`);
  const clientId = 'a/b+c#d%e';
  await connect(clientId);
  const { text } = await watcher.message(({ text: one }) => one.includes(`"clientID":${JSON.stringify(clientId)}`));
  expect(JSON.parse(text)).toMatchObject({ clientID: clientId, online: true });
  expect(await perch.admin.client(clientId)).toMatchObject({ clientId, online: true });
});

test('# does not reach presence, and $SYS needs a rule', async () => {
  const plain = await connect('plain');
  expect((await plain.subscribe(`${PREFIX}+`)).every((code) => code >= 0x80)).toBe(true);
  await perch.admin.setRules([allow('joy', 'pubsub', '#'), allow('watcher', 'sub', '$SYS/#')]);
  const curious = await connect('curious');
  expect(await curious.subscribe('#')).toEqual([0]);
  const watcher = await aWatcher('watcher-6', `${PREFIX}somebody`);
  await connect('somebody');
  await watcher.message(({ topic }) => topic === `${PREFIX}somebody`);
  await curious.publish('end', 'end', { qos: 1 });
  await curious.message('end');
  expect(curious.messages.filter(({ topic }) => topic.startsWith('$'))).toEqual([]);
});

test('a takeover is told as going and coming', async () => {
  const watcher = await aWatcher('watcher-7', `${PREFIX}twin`);
  await connect('twin');
  await connect('twin');
  await waitFor(() => watcher.messages.length >= 3, { what: 'three events' });
  expect(presenceOf(watcher, 'twin').map(({ online, reason }) => reason ?? online)).toEqual([
    true,
    'session-taken-over',
    true,
  ]);
});

test('broker statistics are under the names of Mosquitto', async () => {
  const watcher = await aWatcher('watcher-8', '$SYS/broker/#');
  const names = [
    'version',
    'uptime',
    'clients/connected',
    'clients/total',
    'messages/received',
    'messages/sent',
    'bytes/received',
    'bytes/sent',
    'subscriptions/count',
    'retained messages/count',
  ];
  for (const name of names) {
    await watcher.message(({ topic }) => topic === `$SYS/broker/${name}`);
  }
  // Every 10 s; what changed since then follows.
  const connected = '$SYS/broker/clients/connected';
  await watcher.message(({ topic, text }) => topic === connected && Number(text) >= 1);
});
