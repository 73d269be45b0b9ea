import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, payloadText, type ConnectOptions, type PerchClient, type PerchError } from '@perch/client';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { writeCertificate } from '../support/certificates.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const ANN = { username: 'ann', password: 'ann-password-1' };
const folder = mkdtempSync(join(tmpdir(), 'perch-topics-'));
const { cert, key } = await writeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const flags = ['--tls-cert', cert, '--tls-key', key, '--https-port', '0', '--mqtts-port', 'off'];
const perch = useServer({ flags }, async ({ admin }) => {
  for (const { username, password } of [JOY, ANN]) await admin.createUser(username, password);
  await admin.setRules([allow('joy', 'pubsub', 'plant/#'), allow('ann', 'pubsub', 'office/#')]);
});

const clients = new Set<PerchClient>();
afterEach(() => {
  for (const client of clients) client.close();
  clients.clear();
});

/** A client, and its WebSockets so far. */
function aClient(options: ConnectOptions = {}, url = perch.server.jsonUrl): PerchClient & { sockets: WebSocket[] } {
  const sockets: WebSocket[] = [];
  const client = connect(url, {
    auth: { type: 'basic', ...JOY },
    backOff: { minMs: 20, maxMs: 100 },
    webSocketFactory: (to, protocol) => {
      const socket = new WebSocket(to, protocol, { rejectUnauthorized: false });
      sockets.push(socket);
      return socket;
    },
    ...options,
  });
  clients.add(client);
  return Object.assign(client, { sockets });
}

/** What joy publishes over HTTP: the status, and the code of the problem where there is one. */
async function publishOverHttp(topic: string, payload: string): Promise<{ status: number; code: string | null }> {
  const response = await fetch(`${perch.server.url}/api/v1/publish`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`${JOY.username}:${JOY.password}`).toString('base64')}`,
    },
    body: JSON.stringify({ topic, payload }),
  });
  const body = (await response.json()) as { code?: string };
  return { status: response.status, code: response.ok ? null : (body.code ?? '') };
}

describe('one topic space behind every door', () => {
  test('what is published over MQTT, perch.json and HTTP reaches subscribers of both, in order', async () => {
    const device = await Device.connect(perch.server.mqttUrl, { clientId: 'device', ...JOY });
    expect(await device.subscribe('plant/#')).toEqual([0]);
    const client = aClient({ clientId: 'page' });
    const heard: string[] = [];
    await client.subscribe('plant/#', (message) => heard.push(payloadText(message))).ready;

    await device.publish('plant/1', 'over MQTT', { qos: 1 });
    await client.publish('plant/1', 'over perch.json', { qos: 1 });
    expect(await publishOverHttp('plant/1', 'over HTTP')).toEqual({ status: 200, code: null });

    const all = ['over MQTT', 'over perch.json', 'over HTTP'];
    await device.message('over HTTP');
    await waitFor(() => heard.length === all.length, { what: 'the messages over perch.json' });
    expect([device.texts('plant/1'), heard]).toEqual([all, all]);
  });

  test('what a user may not do is refused at each of them, and reaches nobody', async () => {
    const watcher = await Device.connect(perch.server.mqttUrl, { clientId: 'watcher', ...ANN });
    expect(await watcher.subscribe('office/#')).toEqual([0]);
    const device = await Device.connect(perch.server.mqttUrl, { clientId: 'device', protocolVersion: 5, ...JOY });
    const client = aClient();

    expect(await device.subscribe('office/#')).toEqual([0x87]);
    await expect(client.subscribe('office/#', () => undefined).ready).rejects.toMatchObject({ code: 'not-authorized' });

    await expect(device.publish('office/1', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    await expect(client.publish('office/1', 'x')).rejects.toMatchObject({ code: 'not-authorized' });
    expect((await publishOverHttp('office/1', 'x')).status).toBe(403);
    await expect(client.publish('office/+', 'x')).rejects.toMatchObject({ code: 'invalid-topic' });

    const ann = aClient({ auth: { type: 'basic', ...ANN } });
    await ann.publish('office/1', 'from ann');
    await watcher.message('from ann');
    expect(watcher.texts('office/1')).toEqual(['from ann']);
  });
});

describe('perch.json', () => {
  test('takes other rights on the same connection, and back', async () => {
    const client = aClient({ clientId: 'changes' });
    const ended: string[] = [];
    await client.subscribe('plant/#', () => undefined, { onEnded: ({ code }: PerchError) => ended.push(code) }).ready;
    await client.bind({ type: 'basic', ...ANN });
    await client.publish('office/1', 'as ann');
    await expect(client.publish('plant/1', 'x')).rejects.toMatchObject({ code: 'not-authorized' });
    await expect(client.bind({ type: 'basic', username: 'joy', password: 'wrong' })).rejects.toMatchObject({
      code: 'bad-credentials',
    });
    await client.publish('office/1', 'still ann');
    await client.bind({ type: 'basic', ...JOY });
    await client.publish('plant/1', 'as joy again');
    expect([ended, client.sockets.length]).toEqual([['revoked'], 1]);
  });

  test('over TLS nothing is lost in a break, and nothing comes twice', async () => {
    const port = Number(/\bhttps:\/\/[^\s:]+:(\d+)/.exec(perch.server.output)?.[1]);
    const lost: (number | null)[] = [];
    const client = aClient({ clientId: 'unsteady', onLost: (count) => lost.push(count) }, `wss://127.0.0.1:${port}/ws`);
    const heard: number[] = [];
    await client.subscribe('plant/count', (message) => heard.push(Number(payloadText(message)))).ready;
    const device = await Device.connect(perch.server.mqttUrl, { clientId: 'counter', ...JOY });
    let count = 0;
    for (let breaks = 0; breaks < 5; breaks++) {
      for (let i = 0; i < 40; i++) {
        // In the middle of it, so that something is on its way.
        if (i === 20) client.sockets.at(-1)?.terminate();
        await device.publish('plant/count', String(++count), { qos: 1 });
      }
      await waitFor(() => client.sockets.length >= breaks + 2 && client.state.status === 'open', {
        what: 'a new link',
      });
    }
    await waitFor(() => heard.at(-1) === count, { what: 'the last message' });
    expect(heard).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(lost).toEqual([]);
  });
});
