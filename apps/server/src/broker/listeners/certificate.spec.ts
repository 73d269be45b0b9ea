import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { TlsPlan } from '../../config/listener-plan.js';
import { type KeyPair, TestAuthority } from '../../testing/certificates.js';
import { scratchFolder } from '../../testing/scratch-folder.js';
import { loadCertificate } from './certificate.js';

let authority: TestAuthority;
let pair: KeyPair;
beforeAll(async () => {
  authority = await TestAuthority.create();
  pair = await authority.issue({ name: 'localhost' });
});

const DAY_MS = 86_400_000;
const soon = (days: number) => new Date(Date.now() + days * DAY_MS);

/** The message of the error; files that are left out are not there. */
function messageOf(contents: { cert?: string; key?: string; ca?: string }): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  const plan: TlsPlan = {
    cert: join(folder, 'cert'),
    key: join(folder, 'key'),
    clientCa: contents.ca === undefined ? null : join(folder, 'ca'),
    clientCertificates: 'off',
    certificateAs: 'nothing',
  };
  try {
    loadCertificate(plan);
    return 'none';
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
}

test('a certificate that holds, with its key and the authority of clients, is taken', () => {
  expect(messageOf({ ...pair, ca: authority.pem })).toBe('none');
  expect(messageOf({ ...pair, cert: `${pair.cert}\n${authority.pem}` })).toBe('none');
});

test('what is wrong with the files is said by their names', async () => {
  const other = await authority.issue();
  const encrypted = createPrivateKey(pair.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  });
  expect(messageOf({})).toBe('The certificate cert cannot be read: there is no such file (ENOENT).');
  expect(messageOf({ cert: pair.cert })).toBe('The key key cannot be read: there is no such file (ENOENT).');
  expect(messageOf({ ...pair, cert: 'hello' })).toBe('The certificate cert is no certificate in PEM.');
  expect(messageOf({ ...pair, key: 'hello' })).toBe('The key key is no key in PEM.');
  expect(messageOf({ ...pair, key: encrypted.toString() })).toBe('The key key has a passphrase: store it without one.');
  expect(messageOf({ ...pair, key: other.key })).toBe('The key key does not belong to the certificate cert.');
  expect(messageOf({ ...pair, ca: 'hello' })).toBe('The authority ca is no certificate in PEM.');
  expect(
    messageOf({ ...pair, cert: `${pair.cert}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` }),
  ).toMatch(/^The certificate cert cannot be used: .+\.$/);
});

test('a certificate that does not hold now is not taken', async () => {
  const past = await authority.issue({ validFrom: new Date(0), validUntil: new Date(10 * DAY_MS) });
  expect(messageOf(past)).toBe('The certificate cert expired on 1970-01-11.');
  const future = await authority.issue({ validFrom: soon(2), validUntil: soon(3) });
  expect(messageOf(future)).toBe(`The certificate cert is not valid before ${soon(2).toISOString().slice(0, 10)}.`);
});
