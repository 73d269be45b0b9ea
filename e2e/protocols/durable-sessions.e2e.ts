import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const LARGE_BYTES = 900_000;
const QUOTA_EXCEEDED = 0x97;
const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', '#')]);
});

let names = 0;
const aName = (prefix: string) => `${prefix}-${++names}`;

/** A session that outlives its connections, in the words of either version. */
function durable(clientId: string, version: 4 | 5, clean = false): Promise<Device> {
  const expiry = version === 5 ? { properties: { sessionExpiryInterval: 3600 } } : {};
  return Device.connect(perch.server.mqttUrl, { clientId, clean, protocolVersion: version, ...JOY, ...expiry });
}

function passing(clientId: string): Promise<Device> {
  return Device.connect(perch.server.mqttUrl, { clientId, clean: true, protocolVersion: 5, ...JOY });
}

async function powerFails(): Promise<void> {
  await perch.server.kill9();
  await perch.server.restart();
}

/** Rows in the tables of durable sessions that are about messages. */
async function keptRows(): Promise<number> {
  const tables = ['session_deliveries', 'session_messages', 'session_packet_ids'];
  const counts = tables.map((table) => perch.server.query<{ count: string }>(`SELECT count(*) FROM ${table}`));
  return (await Promise.all(counts)).reduce((sum, [row]) => sum + Number(row?.count), 0);
}

const isReady = async () => (await fetch(`${perch.server.url}/health/ready`)).ok;

describe.each([4, 5] as const)('the session of an MQTT %i client', (version) => {
  test('waits for its client across kill -9, with subscriptions and all that came meanwhile, in order [MQTT-3.1.2-5] [MQTT-3.2.2-2] [MQTT5-3.1.2-5] [MQTT5-3.1.2-23]', async () => {
    const clientId = aName('waits');
    const topic = `kept/${clientId}`;
    const first = await durable(clientId, version);
    expect(first.sessionPresent).toBe(false);
    await first.subscribe(topic, 2);
    await first.end();
    const sender = await passing(aName('sender'));
    const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
    for (const text of texts) await sender.publish(topic, text, { qos: Number(text) % 2 ? 1 : 2 });

    await powerFails();
    const second = await durable(clientId, version);
    expect(second.sessionPresent).toBe(true);
    await waitFor(() => second.messages.length >= texts.length, { what: 'all messages' });
    const odd = (text: string) => Number(text) % 2 === 1;
    expect(second.texts(topic).filter(odd)).toEqual(texts.filter(odd));
    expect(second.texts(topic).filter((text) => !odd(text))).toEqual(texts.filter((text) => !odd(text)));
    await waitFor(async () => (await keptRows()) === 0, { what: 'nothing to be owed any more' });

    await powerFails();
    const third = await durable(clientId, version);
    expect(third.sessionPresent).toBe(true);
    await (await passing(aName('sender'))).publish(topic, 'live', { qos: 1 }); // its subscription is there still
    await third.message('live');
    expect(third.messages).toHaveLength(1);
  });

  test('is gone when its client begins anew, also after kill -9 [MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT5-3.1.2-4]', async () => {
    const clientId = aName('anew');
    await (await durable(clientId, version)).subscribe(`kept/${clientId}`, 1).then(() => undefined);
    const sender = await passing(aName('sender'));
    const anew = await durable(clientId, version, true);
    expect(anew.sessionPresent).toBe(false);
    await sender.publish(`kept/${clientId}`, 'to nobody', { qos: 1 });
    await anew.end();
    await powerFails();
    const after = await durable(clientId, version);
    expect(after.sessionPresent).toBe(version === 5); // clean session 1 of MQTT 3 is clean at both ends
    expect(await keptRows()).toBe(0);
    expect(after.messages).toEqual([]);
  });
});

test('a session is gone when its time has passed, whether the server runs or not [MQTT5-4.1.0-2]', async () => {
  const brief = (clientId: string) =>
    Device.connect(perch.server.mqttUrl, {
      clientId,
      clean: false,
      protocolVersion: 5,
      ...JOY,
      properties: { sessionExpiryInterval: 1 },
    });
  const [running, down] = [aName('brief'), aName('brief')];
  for (const clientId of [running, down]) {
    const device = await brief(clientId);
    await device.subscribe('brief', 1);
    await device.end();
  }
  const rows = (condition: string) =>
    perch.server.query(`SELECT FROM sessions WHERE client_id ~ '^brief' ${condition}`);
  await waitFor(async () => (await rows('')).length === 0, { what: 'the sessions to expire' });
  const device = await brief(down);
  expect(device.sessionPresent).toBe(false);
  await device.subscribe('brief', 1);
  await device.end();
  // Or it has come to its end by then.
  await waitFor(async () => (await rows('AND disconnected_at IS NULL')).length === 0, { what: 'its end to be kept' });
  await perch.server.kill9();
  await delay(1000);
  await perch.server.restart();
  expect((await brief(down)).sessionPresent).toBe(false);
});

test('a will with a delay is published, though the server was killed before its time had come', async () => {
  const watcherId = aName('watcher');
  await (await durable(watcherId, 5)).subscribe('wills/#', 1);
  const mortal = await Device.connect(perch.server.mqttUrl, {
    clientId: aName('mortal'),
    clean: false,
    protocolVersion: 5,
    ...JOY,
    properties: { sessionExpiryInterval: 3600 },
    will: {
      topic: 'wills/mortal',
      payload: Buffer.from('last words'),
      qos: 1,
      retain: false,
      properties: { willDelayInterval: 1 },
    },
  });
  await powerFails();
  expect(mortal.isClosed).toBe(true);
  const watcher = await durable(watcherId, 5);
  expect((await watcher.message('last words')).topic).toBe('wills/mortal');
});

describe('Postgres is away', () => {
  let frozen: number[] = [];

  async function freeze(): Promise<void> {
    frozen = await perch.server.postgresPids();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  }

  function thaw(): void {
    for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
  }

  afterEach(() => thaw());

  test(
    'what must be durable waits, within bounds, and is refused beyond; all heals when it is back',
    { timeout: 120_000 },
    async () => {
      // Two, so that neither is owed more than one session may be.
      const clientIds = [aName('owed'), aName('owed')];
      for (const [index, clientId] of clientIds.entries()) {
        const owed = await durable(clientId, 5);
        await owed.subscribe(`away/${index}/+`, 1);
        await owed.end();
      }
      const [sender, sender3, receiver] = await Promise.all([
        passing(aName('sender')),
        Device.connect(perch.server.mqttUrl, { clientId: aName('sender'), protocolVersion: 4, ...JOY }),
        passing(aName('receiver')),
      ]);
      await receiver.subscribe('live', 1);
      await freeze();
      const newcomer = durable(aName('newcomer'), 5).then(
        () => 'let in',
        () => 'refused',
      );
      const topicOf = (index: number) => `away/${index % 2}/${index}`;
      const outcomes = Array.from({ length: 80 }, () => 'waits');
      const published = outcomes.map((_, index) =>
        sender.publish(topicOf(index), Buffer.alloc(LARGE_BYTES, index), { qos: 1 }).then(
          () => (outcomes[index] = 'acknowledged'),
          (error: { code: number }) => (outcomes[index] = `refused with ${error.code}`),
        ),
      );
      const isFull = async () => {
        const latecomer = await passing(aName('latecomer'));
        const outcome = latecomer
          .publish('away/0/late', 'late', { qos: 1 })
          .catch(({ code }: { code: number }) => code);
        return (await Promise.race([outcome, delay(500, 'waits')])) === QUOTA_EXCEEDED;
      };
      await waitFor(isFull, { what: 'no more to be taken', timeoutMs: 30_000 });
      // Answers come in the order of what they answer, so that its own refusals wait behind what waits.
      expect(outcomes).toEqual(outcomes.map(() => 'waits'));
      sender3.publish('away/0/late', 'MQTT 3 has no word for it', { qos: 1 }).catch(() => undefined);
      await sender3.closed();

      // What nobody has to keep goes on, through the same devices.
      for (let index = 0; index < 20; index++) {
        await sender.publish('live', `live ${index}`, { qos: 0 });
        await receiver.message(`live ${index}`);
      }
      const other = await passing(aName('other'));
      await other.publish('live', 'QoS 1', { qos: 1 });
      await receiver.message('QoS 1');
      await waitFor(async () => !(await isReady()), { what: 'readiness to turn red', timeoutMs: 20_000 });
      expect(await newcomer).toBe('refused');

      thaw();
      await waitFor(isReady, { what: 'readiness to turn green', timeoutMs: 30_000 });
      await Promise.all(published);
      const taken = outcomes.filter((outcome) => outcome === 'acknowledged').length;
      expect(outcomes.filter((outcome) => outcome === `refused with ${QUOTA_EXCEEDED}`).length).toBe(80 - taken);
      expect(taken).toBeGreaterThan(50);
      for (const index of [0, 1]) await sender.publish(`away/${index}/after`, `after ${index}`, { qos: 1 });
      await powerFails();
      for (const [index, clientId] of clientIds.entries()) {
        const again = await durable(clientId, 5);
        expect(again.sessionPresent).toBe(true);
        await again.message(`after ${index}`, 30_000);
        const arrived = again.messages.map(({ topic }) => topic).filter((topic) => /\d$/.test(topic));
        const acknowledged = outcomes.flatMap((outcome, at) => (outcome === 'acknowledged' ? [topicOf(at)] : []));
        expect(arrived).toEqual(acknowledged.filter((topic) => topic.startsWith(`away/${index}/`)));
      }
    },
  );

  test('it is killed: what waits for it is acknowledged once it is back, and kept', async () => {
    const clientId = aName('owed');
    const owed = await durable(clientId, 4);
    await owed.subscribe('killed', 2);
    await owed.end();
    const sender = await passing(aName('sender'));
    process.kill(perch.server.postgresPid, 'SIGKILL');
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
    const acknowledged: string[] = [];
    await Promise.all(
      texts.map((text) =>
        sender.publish('killed', text, { qos: 2 }).then(
          () => acknowledged.push(text),
          () => undefined,
        ),
      ),
    );
    await waitFor(isReady, { what: 'readiness to turn green', timeoutMs: 30_000 });
    await sender.publish('killed', 'end', { qos: 2 });
    await powerFails();
    const again = await durable(clientId, 4);
    await again.message('end');
    expect(again.texts('killed')).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(again.texts('killed')).size).toBe(again.messages.length);
  });
});
