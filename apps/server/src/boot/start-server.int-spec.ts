import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApp } from '../testing/start-test-app.js';

async function occupiedPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  return (server.address() as AddressInfo).port;
}

test('the server takes connections on the ports it says, and none after it was closed', async () => {
  const app = await startTestApp();
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  expect(app.mqttPort).toBeGreaterThan(0);
  await app.close();
  await expect(fetch(`${app.url}/health/live`)).rejects.toThrow();
});

test.each(['PERCH_HTTP_PORT', 'PERCH_MQTT_PORT'])('a port in use is named together with %s', async (variable) => {
  const port = await occupiedPort();
  await expect(startTestApp({ env: { [variable]: String(port) } })).rejects.toThrow(
    new RegExp(`Port ${port} is in use by another program\\..*${variable}`),
  );
});
