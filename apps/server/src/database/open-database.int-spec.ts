import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { StartupError } from '../boot/startup-error.js';
import { databaseUrl } from '../testing/database-url.js';
import { createTestDatabase } from '../testing/test-database.js';
import { openDatabase } from './open-database.js';

const empty = await createTestDatabase({ migrated: false });

const open = (url: string) => openDatabase({ databaseUrl: url, dataDir: '/nowhere', log: () => undefined });

async function problemOf(url: string): Promise<string> {
  const error: unknown = await open(url).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  expect(message).not.toContain(new URL(url).password);
  return message;
}

test('a database of the operator is migrated and used, and nothing is written to the data folder', async () => {
  const database = await open(empty.url);
  onTestFinished(() => database.close());
  expect(database.kind).toBe('external');
  expect((await database.pool.query('SELECT 1 FROM operators')).rowCount).toBe(0);
});

test('times are read as UTC whatever the zone of the server is', async () => {
  const database = await open(empty.url);
  onTestFinished(() => database.close());
  expect((await database.pool.query('SHOW TimeZone')).rows).toEqual([{ TimeZone: 'UTC' }]);
});

test('a port where nothing listens', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => closed.once('listening', listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  expect(await problemOf(`postgresql://me:hunter2@127.0.0.1:${port}/perch`)).toBe(
    `The database at 127.0.0.1:${port}/perch cannot be used: connect ECONNREFUSED 127.0.0.1:${port}. ` +
      'Nothing listens there: start Postgres, or check host and port in DATABASE_URL.',
  );
});

test('a port where something else listens', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await new Promise((listening) => silent.once('listening', listening));
  const { port } = silent.address() as AddressInfo;
  expect(await problemOf(`postgresql://me:hunter2@127.0.0.1:${port}/perch`)).toMatch(/timeout.* DATABASE_URL/);
}, 15_000);

test('a wrong password', async () => {
  const url = new URL(empty.url);
  url.password = 'hunter2';
  expect(await problemOf(url.href)).toMatch(/password authentication failed.* Correct the user name or the password/);
});

test('a database that is not there', async () => {
  expect(await problemOf(databaseUrl(empty.url, 'nowhere'))).toMatch(
    /database "nowhere" does not exist\. Create that database/,
  );
});

test('a host that is not there', async () => {
  expect(await problemOf('postgresql://me:hunter2@nowhere.invalid/perch')).toMatch(/nowhere\.invalid.* DATABASE_URL/);
});
