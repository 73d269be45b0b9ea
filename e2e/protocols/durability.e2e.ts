import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { allow, type ClientEntry } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };

const perch = useServer({}, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', '#')]);
});

const connect = (clientId: string) => Device.connect(perch.server.mqttUrl, { clientId, protocolVersion: 5, ...JOY });

const isReady = async () => (await fetch(`${perch.server.url}/health/ready`)).ok;
const isLive = async () => (await fetch(`${perch.server.url}/health/live`)).ok;

describe('the server is killed under load', () => {
  /** Publishes retained QoS 1 messages, many at a time, until the link breaks; which were acknowledged. */
  async function publishUntilCut(
    publisher: Device,
    prefix: string,
  ): Promise<{ acknowledged: Map<string, string>; done: Promise<void> }> {
    const acknowledged = new Map<string, string>();
    let next = 0;
    const lane = async () => {
      while (publisher.mqtt.connected) {
        const index = next++;
        const topic = `${prefix}/${index % 2000}`;
        const text = `value ${index}`;
        const isAcknowledged = await Promise.race([
          publisher.publish(topic, text, { qos: 1, retain: true }).then(
            () => true,
            () => false,
          ),
          publisher.closed(120_000).then(() => false),
        ]);
        if (isAcknowledged) acknowledged.set(topic, text);
      }
    };
    const done = Promise.all(Array.from({ length: 64 }, lane)).then(() => undefined);
    return { acknowledged, done };
  }

  /** Which acknowledged values are not retained. What was not acknowledged may be there too, if it is newer. */
  async function lost(acknowledged: Map<string, string>, clientId: string, filter: string): Promise<string[]> {
    const reader = await connect(clientId);
    await reader.subscribe(filter, 1);
    const number = (text: string | undefined) => Number(text?.slice('value '.length) ?? -1);
    const missing = () => {
      const found = new Map(reader.messages.map(({ topic, text }) => [topic, text]));
      return [...acknowledged]
        .filter(([topic, text]) => number(found.get(topic)) < number(text))
        .map(([topic]) => topic);
    };
    await waitFor(() => missing().length === 0, { what: 'all retained messages' }).catch(() => undefined);
    return missing();
  }

  test('no acknowledged retained message is lost, and everything else is there again', async () => {
    const last = await connect('last-seen');
    await last.end();
    const online = await connect('was-online');
    const publisher = await connect('publisher');
    const seen = ['last-seen', 'was-online', 'publisher'];
    const areKept = async () => {
      const kept = await perch.server.query('SELECT FROM clients WHERE client_id = ANY ($1)', [seen]);
      return kept.length === seen.length;
    };
    await waitFor(areKept, { what: 'presence to be kept' });
    const { acknowledged, done } = await publishUntilCut(publisher, 'kill');
    await waitFor(() => acknowledged.size >= 1500, { what: '1,500 acknowledged messages', timeoutMs: 30_000 });

    const orphan = perch.server.postgresPid;
    await perch.server.kill9();
    await done;
    expect(process.kill(orphan, 0)).toBe(true); // Postgres was left behind
    await perch.server.restart();
    expect(online.isClosed).toBe(true);

    expect(await lost(acknowledged, 'reader', 'kill/#')).toEqual([]);

    const { items } = await perch.admin.get<{ items: ClientEntry[] }>('/clients?limit=5000');
    const byId = new Map(items.map((item) => [item.clientId, item]));
    expect(byId.get('last-seen')).toMatchObject({ online: false, username: 'joy', reason: 'client-disconnected' });
    expect(byId.get('was-online')).toMatchObject({ online: false, username: 'joy', address: '127.0.0.1' });
    expect(byId.get('publisher')).toMatchObject({ online: false });
    expect((await perch.admin.policy()).rules).toHaveLength(1);
  });

  test('again and again', async () => {
    for (let round = 1; round <= 3; round++) {
      const publisher = await connect(`publisher-${round}`);
      const { acknowledged, done } = await publishUntilCut(publisher, `again/${round}`);
      await waitFor(() => acknowledged.size >= 100, { what: '100 acknowledged messages' });
      await perch.server.kill9();
      await done;
      await perch.server.restart();
      expect(await lost(acknowledged, `reader-${round}`, `again/${round}/#`)).toEqual([]);
    }
  });

  test('the operator is still signed in after the restart', async () => {
    expect(await perch.admin.get('/auth/me')).toMatchObject({ name: 'admin' });
  });

  test('a retained message that was deleted stays deleted', async () => {
    const device = await connect('deleter');
    await device.publish('deleted', 'value', { qos: 1, retain: true });
    await device.publish('deleted', '', { qos: 1, retain: true });
    await perch.server.kill9();
    await perch.server.restart();
    const reader = await connect('deleted-reader');
    await reader.subscribe(['deleted', 'end']);
    await reader.publish('end', 'end');
    await reader.message('end');
    expect(reader.texts('deleted')).toEqual([]);
  });
});

describe('an orderly stop', () => {
  test('ends with exit code 0, says goodbye to devices and leaves no Postgres behind', async () => {
    const device = await connect('goodbye');
    await device.subscribe('orderly');
    await device.publish('orderly', 'kept', { qos: 0, retain: true });
    await device.message('kept'); // the broker has it: an orderly stop does not lose it
    const postgres = perch.server.postgresPid;
    expect(await perch.server.interrupt()).toBe(0);
    await device.closed();
    expect(device.goodbyes).toEqual([0x8b]);
    expect(() => process.kill(postgres, 0)).toThrow('ESRCH');

    await perch.server.restart();
    const reader = await connect('orderly-reader');
    await reader.subscribe('orderly');
    await reader.message('kept');
  });
});

describe('Postgres hangs', () => {
  let frozen: number[] = [];

  /** Stops all processes of Postgres: connections stay open and nothing is answered. */
  async function freeze(): Promise<void> {
    frozen = await perch.server.postgresPids();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  }

  function thaw(): void {
    for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
  }

  afterEach(() => thaw());

  test('live traffic goes on, nothing durable is acknowledged, readiness is red, and it heals', async () => {
    const [sender, receiver] = await Promise.all([connect('hang-sender'), connect('hang-receiver')]);
    await receiver.subscribe('hang/#', 1);
    await freeze();
    await waitFor(async () => !(await isReady()), { what: 'readiness to turn red', timeoutMs: 20_000 });
    expect(await isLive()).toBe(true);

    let isAcknowledged = false;
    const durable = sender.publish('hang/durable', 'durable', { qos: 1, retain: true }).then(
      () => (isAcknowledged = true),
      () => undefined,
    );
    for (let index = 0; index < 20; index++) {
      await sender.publish('hang/live', `live ${index}`);
      // For as long as Postgres hangs, nothing that waits for it would come.
      await receiver.message(`live ${index}`);
      await delay(50);
    }
    expect(isAcknowledged).toBe(false);
    // Who was let in before is let in again: devices that reconnect need no database.
    const again = await connect('hang-again');
    await again.publish('hang/live', 'from again', { qos: 1 });
    await receiver.message('from again');

    thaw();
    await waitFor(isReady, { what: 'readiness to turn green', timeoutMs: 30_000 });
    await durable;
    const stored = await connect('hang-writer');
    await stored.publish('hang/after', 'after', { qos: 1, retain: true });
    expect(sender.mqtt.connected).toBe(true);
  });
});

describe('Postgres is killed', () => {
  test('readiness is red until it is back, live traffic goes on, and what was stored is there', async () => {
    const [sender, receiver] = await Promise.all([connect('dead-sender'), connect('dead-receiver')]);
    await receiver.subscribe('dead/live', 0);
    await sender.publish('dead/kept', 'kept', { qos: 1, retain: true });
    const before = perch.server.postgresPid;
    process.kill(before, 'SIGKILL');
    let live = 0;
    const cameBack = waitFor(
      async () => {
        await sender.publish('dead/live', `live ${++live}`);
        await receiver.message(`live ${live}`, 1000);
        return perch.server.postgresPid !== before && (await isReady());
      },
      { what: 'Postgres to be started again', timeoutMs: 40_000 },
    );
    await cameBack;
    expect(sender.mqtt.connected && receiver.mqtt.connected).toBe(true);
    await sender.publish('dead/after', 'after', { qos: 1, retain: true });
    await perch.server.kill9();
    await perch.server.restart();
    const reader = await connect('dead-reader');
    await reader.subscribe('dead/#', 1);
    await reader.message('kept');
    await reader.message('after');
  });
});
