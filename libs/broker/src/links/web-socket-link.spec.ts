import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { acceptMqtt } from '../protocols/mqtt/mqtt-connection.js';
import { SystemClock } from '../system-clock.js';
import { newBroker } from '../testing/index.js';
import { WebSocketLink } from './web-socket-link.js';

const peer = { address: '127.0.0.1', port: 1, isSecure: false, certificateName: null };
const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

/** A broker behind a WebSocket server that takes frames of at most 1,000 bytes. */
async function anEndpoint() {
  const it = newBroker({ clock: new SystemClock() });
  const http = createServer().listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ server: http, maxPayload: 1000 });
  sockets.on('connection', (webSocket) =>
    acceptMqtt(it.broker, new WebSocketLink(webSocket, { frames: 'binary', clock: it.broker.clock, peer })),
  );
  open.push(http, sockets);
  await new Promise((resolve) => http.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, 'mqtt');
  await new Promise((resolve) => client.once('open', resolve));
  return { it, client, closed: new Promise<number>((resolve) => client.once('close', resolve)) };
}

test('a text frame on an MQTT link closes it with 1003 and is counted [MQTT-6.0.0-1] [MQTT5-6.0.0-1]', async () => {
  const { it, client, closed } = await anEndpoint();
  client.send('hello');
  expect(await closed).toBe(1003);
  expect(it.broker.counters.refusals['protocol-error']).toBe(1);
});

test('a frame larger than the limit closes it with 1009 and is counted', async () => {
  const { it, client, closed } = await anEndpoint();
  client.send(Buffer.alloc(2000));
  expect(await closed).toBe(1009);
  expect(it.broker.counters.refusals['packet-too-large']).toBe(1);
});

test('an empty frame is no packet and does no harm [MQTT-6.0.0-2] [MQTT5-6.0.0-2]', async () => {
  const { client } = await anEndpoint();
  const answer = new Promise<Buffer>((resolve) => client.once('message', (data) => resolve(data as Buffer)));
  client.send(Buffer.alloc(0));
  client.send(Buffer.from('100d00044d51545404020000000161', 'hex'));
  expect((await answer).toString('hex')).toBe('20020000');
});
