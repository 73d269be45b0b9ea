import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { writeCertificate } from '../support/certificates.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const folder = mkdtempSync(join(tmpdir(), 'perch-tls-'));
const files = await writeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const tls = ['--tls-cert', files.cert, '--tls-key', files.key, '--mqtts-port', '0', '--https-port', '0'];
const perch = useServer({ flags: tls });

const portOf = (scheme: string) =>
  Number(new RegExp(`\\b${scheme}://[^\\s:]+:(\\d+)`).exec(perch.server.output)?.[1] ?? Number.NaN);
const serialOf = (path: string) => new X509Certificate(readFileSync(path)).serialNumber;

/** The serial number of the certificate that is served. */
function servedAt(scheme: string): Promise<string> {
  const socket = connect({ port: portOf(scheme), host: '127.0.0.1', rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
  });
}

/** Another certificate takes the place of the one that is there. */
async function replaceCertificate(): Promise<string> {
  const next = join(folder, 'next');
  await mkdir(next, { recursive: true });
  const { cert, key } = await writeCertificate(next);
  await copyFile(key, files.key);
  await copyFile(cert, files.cert);
  return serialOf(cert);
}

test('a certificate that is replaced is served without a restart', async () => {
  expect(await servedAt('mqtts')).toBe(serialOf(files.cert));
  const { pid } = perch.server;
  const next = await replaceCertificate();
  await waitFor(async () => (await servedAt('mqtts')) === next, { what: 'the new certificate over MQTT' });
  await waitFor(async () => (await servedAt('https')) === next, { what: 'the new certificate over HTTPS' });
  expect(perch.server.pid).toBe(pid);
});

test('SIGHUP has it read at once, and ends nothing where there is no terminal', async () => {
  const next = await replaceCertificate();
  process.kill(perch.server.pid, 'SIGHUP');
  await waitFor(async () => (await servedAt('mqtts')) === next, { what: 'the new certificate', timeoutMs: 5_000 });
  expect(perch.server.isRunning).toBe(true);
  expect((await fetch(`${perch.server.url}/health/ready`)).status).toBe(200);
});
