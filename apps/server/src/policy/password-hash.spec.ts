import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHash } from './password-hash.js';

async function verify(text: string, password: string): Promise<boolean | string> {
  const hash = readHash(text);
  return 'problem' in hash ? hash.problem : hash.verify(Buffer.from(password));
}

// From the test vectors of crypt_blowfish, of passlib, of Django and of the argon2 reference implementation.
test.each([
  ['bcrypt 2a', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['bcrypt 2b', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['bcrypt 2y', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['argon2id', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4', 'password'],
  ['argon2i', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8', 'password'],
  [
    'PBKDF2 of passlib',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
    'password',
  ],
  // These were made with Python's hashlib.
  ['PBKDF2 of Django', 'pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=', 'lètmein'],
  [
    'PBKDF2 of EMQX',
    'pbkdf2_sha256$4096$dd8e9f2a4c6b$81549f728fc62dd5a51f422752319128f562a561acdd3a4013485e82d5ca6938',
    'public',
  ],
  [
    'PBKDF2 of EMQX with SHA-512',
    'pbkdf2_sha512$1000$dd8e9f2a4c6b$4BBBEDF3A8B31D1B67FF6F775D92B17B3137CC8F524E494AFD71B91E231F29E8AE9114A9EEA45BEB058C530DC94F3FB7D31FCE55E88588016A0BF4011FBC1304',
    'public',
  ],
  [
    'PBKDF2 of Mosquitto',
    '$7$101$MDEyMzQ1Njc4OWFi$BiEgqI8j2Nq7lkO05WW+JLQNHPQaRK6l6J8ypPP8xsCfQ5V9a9tQ7yW1bY+dorvtX5ifx30qju1U4yEG+Q5zgQ==',
    'mosquitto pw',
  ],
  [
    'salted SHA-512 of Mosquitto before 2.0',
    '$6$MDEyMzQ1Njc4OWFi$YXmettwPyKkE4PuOn8dnlgVYr8x2tlbI/9m3rukOA317dJeKV5WsOAMLJzaiktMfkzFZ96+Fs66wZKc1G87M0A==',
    'old secret',
  ],
])('%s: the password is right, another is not', async (_scheme, hash, password) => {
  expect(await verify(hash, password)).toBe(true);
  expect(await verify(hash, `${password}x`)).toBe(false);
  expect(await verify(hash, '')).toBe(false);
});

test.each([
  ['plain text', 'let me in'],
  ['nothing', ''],
  ['the SHA-512 of crypt(3), which another software than Mosquitto means by $6$', `$6$salt$${'a'.repeat(86)}`],
  ['bcrypt that is cut off', '$2b$10$abc'],
  ['PBKDF2 whose key is cut off', `$7$101$c2FsdA==$${'A'.repeat(20)}==`],
  ['PBKDF2 of passlib with a short key', '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV1'],
])('%s is no hash', (_what, text) => {
  expect(readHash(text)).toHaveProperty('problem');
});

test.each([
  ['bcrypt', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['argon2', '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['PBKDF2', `$7$900000000$c2FsdA==$${'A'.repeat(86)}==`],
])('%s that would occupy the server at each log-in is not taken', (_scheme, text) => {
  expect(readHash(text)).toMatchObject({ problem: expect.stringContaining('take too long') as string });
});

const hasMosquitto = (() => {
  try {
    execFileSync('mosquitto_passwd', ['-h'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
})();

test.skipIf(!hasMosquitto)('what mosquitto_passwd writes verifies (skipped where it is not installed)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-passwd-'));
  const path = join(folder, 'passwd');
  try {
    writeFileSync(path, 'pump-7:sécret one\n');
    execFileSync('mosquitto_passwd', ['-U', path]);
    const line = readFileSync(path, 'utf8').trim();
    const hash = line.slice(line.indexOf(':') + 1);
    expect(hash).toMatch(/^\$[67]\$/);
    expect(await verify(hash, 'sécret one')).toBe(true);
    expect(await verify(hash, 'sécret two')).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
