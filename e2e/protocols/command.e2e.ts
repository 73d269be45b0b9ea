import { type ChildProcess, execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Device } from '../support/device.js';
import { OperatorApi } from '../support/operator-api.js';
import { commandFile, PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

/** Has a promise fail that nobody waits for, at a signal. */
const FORGETFUL = '--import=data:text/javascript,process.on("SIGUSR2",()=>Promise.reject(new Error("forgotten")))';

let server: PerchServer;
beforeAll(async () => void (server = await PerchServer.start({ byCommand: true, nodeFlags: [FORGETFUL] })));
afterAll(() => server?.stop());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}

/** The command as a shell runs it, in the folder of the server and with a perch.config.json that says where that is. */
async function perch(
  line: string,
  env: Readonly<Record<string, string>> = {},
  meanwhile?: (child: ChildProcess) => Promise<void>,
): Promise<Ran> {
  const { dataDir, httpPort, mqttPort } = server;
  const settings = { host: '127.0.0.1', httpPort, mqttPort, dataDir: join(dataDir, 'data') };
  await writeFile(join(dataDir, 'perch.config.json'), JSON.stringify(settings));
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const options = { cwd: dataDir, env: { PATH, HOME, ...env } };
    const child = execFile(process.execPath, [commandFile, ...line.split(' ')], options, (error, out, told) =>
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), told: told.trim() }),
    );
    meanwhile?.(child).catch(reject);
  });
}

test('perch start is the server, and the other commands find it by its settings', async () => {
  expect(await perch('clients')).toMatchObject({
    code: 4,
    told: expect.stringContaining('asks for an API key') as string,
  });
  const admin = await OperatorApi.admin(server);
  const { secret } = await admin.ok<{ secret: string }>('POST', '/api-keys', {
    name: 'shell',
    role: 'operator',
    expiresAt: null,
  });
  const key = { PERCH_API_KEY: secret };
  const made = await perch('user add online', key);
  expect(made).toMatchObject({ code: 0, told: expect.stringContaining('Made the user online.') as string });
  const device = await Device.connect(server.mqttUrl, { clientId: 'one', username: 'online', password: made.out });
  expect((await perch('clients --state online --json', key)).out).toContain('"clientId": "one"');
  await device.end();
  const healthy = await perch('doctor');
  expect(healthy).toMatchObject({ code: 0, out: expect.stringContaining('is open: the server runs.') as string });
});

test('a promise that fails while nobody waits for it is told as a bug, and costs no client its connection', async () => {
  const admin = await OperatorApi.admin(server);
  await admin.createUser('calm', 'calm-password-1');
  const device = await Device.connect(server.mqttUrl, {
    clientId: 'calm',
    username: 'calm',
    password: 'calm-password-1',
  });
  expect(server.bug).toBeNull();
  process.kill(server.pid, 'SIGUSR2');
  await waitFor(() => server.bug, { what: 'the bug to be told' });
  expect(server.bug).toContain('forgotten');
  expect((await fetch(`${server.url}/health/ready`)).ok).toBe(true);
  expect(device.mqtt.connected).toBe(true);
  await device.end();
});

test('with the server stopped they open its database, and what they did is there when it starts', async () => {
  expect(await server.interrupt()).toBe(0);
  const made = await perch('user add offline');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^\S{12,}$/) as string });
  expect((await perch('user list')).out).toMatch(/^offline .*\nonline /m);
  let postgres = 0;
  await perch('user list', {}, async (child) => {
    const postmaster = join(server.dataDir, 'data/postgres/postmaster.pid');
    const started = async () => Number((await readFile(postmaster, 'utf8')).split('\n')[0]) || null;
    postgres = await waitFor(started, { what: 'the database to start' });
    child.kill('SIGTERM');
  });
  expect(() => process.kill(postgres, 0)).toThrow('ESRCH');
  await server.restart();
  const device = await Device.connect(server.mqttUrl, { clientId: 'two', username: 'offline', password: made.out });
  await device.end();
});

test('a folder that another server has is left alone', async () => {
  const other = { PERCH_HTTP_PORT: '2', PERCH_MQTT_PORT: 'off' };
  expect(await perch('user list', other)).toMatchObject({
    code: 3,
    told: expect.stringContaining('is using the data folder') as string,
  });
});
