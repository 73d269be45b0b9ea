import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { TlsPlan } from '../../config/listener-plan.js';
import { type CertificateWishes, type KeyPair, TestAuthority } from '../../testing/certificates.js';
import { scratchFolder } from '../../testing/scratch-folder.js';
import { loadCertificate } from './certificate.js';
import { CertificateKeeper } from './certificate-keeper.js';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.create();
});

/** A TLS server with the files that it is kept by. */
async function kept(folder = scratchFolder(), wishes: CertificateWishes = { name: 'first' }) {
  const plan: TlsPlan = {
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    clientCa: null,
    clientCertificates: 'off',
    certificateAs: 'nothing',
  };
  write(folder, await authority.issue(wishes));
  const loaded = loadCertificate(plan);
  const server = createServer(loaded.context).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const lines: string[] = [];
  const log = (level: string, line: string) => lines.push(`${level}: ${line.replaceAll(`${folder}/`, '')}`);
  const keeper = new CertificateKeeper({ plan, server, log, pollMs: 20, settleMs: 60 }, loaded);
  keeper.start();
  onTestFinished(() => {
    keeper.stop();
    server.close();
  });
  return { folder, plan, lines, port: (server.address() as AddressInfo).port };
}

function write(folder: string, { cert, key }: Partial<KeyPair>): void {
  if (cert !== undefined) writeFileSync(join(folder, 'cert.pem'), cert);
  if (key !== undefined) writeFileSync(join(folder, 'key.pem'), key);
}

/** The name in the certificate that is served now. */
function servedAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
  });
}

test('new files are served as soon as they have settled', async () => {
  const { folder, port, lines } = await kept();
  expect(await servedAt(port)).toBe('first');
  write(folder, await authority.issue({ name: 'second' }));
  await vi.waitFor(async () => expect(await servedAt(port)).toBe('second'), { timeout: 5_000 });
  expect(lines).toEqual([
    expect.stringMatching(/^log: The certificate cert\.pem was read again; it holds until \d{4}-/),
  ]);
});

test('a certificate whose key is still missing changes nothing, until the key is there', async () => {
  const { folder, port, lines } = await kept();
  const second = await authority.issue({ name: 'second' });
  write(folder, { cert: second.cert });
  const told = 'warn: The key key.pem does not belong to the certificate cert.pem. The one read before stays in use.';
  await vi.waitFor(() => expect(lines).toEqual([told]), { timeout: 5_000 });
  expect(await servedAt(port)).toBe('first');
  write(folder, { key: second.key });
  await vi.waitFor(async () => expect(await servedAt(port)).toBe('second'), { timeout: 5_000 });
});

test('files that cannot be used change nothing', async () => {
  const { folder, port, lines } = await kept();
  write(folder, await authority.issue({ name: 'expired', validFrom: new Date(0), validUntil: new Date(1e9) }));
  await vi.waitFor(() => expect(lines.join()).toContain('expired on 1970-01-12. The one read before stays'), {
    timeout: 5_000,
  });
  write(folder, { cert: 'rubbish' });
  await vi.waitFor(() => expect(lines.join()).toContain('is no certificate in PEM. The one read before stays'), {
    timeout: 5_000,
  });
  expect(await servedAt(port)).toBe('first');
});

test('files behind a link that is turned are noticed, as certbot and Kubernetes do it', async () => {
  const root = scratchFolder();
  for (const name of ['one', 'two']) mkdirSync(join(root, name));
  symlinkSync(join(root, 'one'), join(root, 'live'));
  const { port } = await kept(join(root, 'live'));
  write(join(root, 'two'), await authority.issue({ name: 'second' }));
  symlinkSync(join(root, 'two'), join(root, 'next'));
  renameSync(join(root, 'next'), join(root, 'live'));
  await vi.waitFor(async () => expect(await servedAt(port)).toBe('second'), { timeout: 5_000 });
});

test('files that were only touched are not worth a word', async () => {
  const { plan, lines } = await kept();
  utimesSync(plan.cert, new Date(), new Date(Date.now() + 5_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lines).toEqual([]);
});

test('a certificate that ends soon is told', async () => {
  const validUntil = new Date(Date.now() + 3 * 86_400_000);
  const { lines } = await kept(scratchFolder(), { validUntil });
  expect(lines).toEqual([`warn: The certificate cert.pem expires on ${validUntil.toISOString().slice(0, 10)}.`]);
});
