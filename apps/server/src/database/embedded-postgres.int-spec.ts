import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.js';
import { Database } from './database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { prepareCluster } from './postgres-cluster.js';
import { PostgresProcess } from './postgres-process.js';

const quiet = () => undefined;
const isRoot = process.getuid?.() === 0;

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quiet });
  onTestFinished(() => postgres.stop());
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

const postmasterPid = (dataDir: string) =>
  Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

/** A lock as a server leaves it that was killed. */
function leaveLock(dataDir: string): void {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(dataDir, 'perch.lock'), JSON.stringify({ pid, startedAt: '1', host: hostname() }));
}

/** A Postgres that nobody looks after, as after kill -9 of its server. */
async function leaveOrphan(dataDir: string): Promise<PostgresProcess> {
  const orphan = await PostgresProcess.start(await prepareCluster(dataDir), { port: 54_329, log: quiet });
  onTestFinished(() => orphan.stop());
  leaveLock(dataDir);
  return orphan;
}

test('what was committed is there after a stop and a start', async () => {
  const dataDir = scratchFolder();
  const first = await startEmbeddedPostgres({ dataDir, log: quiet });
  await query(first.url, 'CREATE TABLE t AS SELECT 42 AS answer');
  await first.stop();
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  expect(await query((await start(dataDir)).url, 'SELECT answer FROM t')).toEqual([{ answer: 42 }]);
});

test('it listens on 127.0.0.1 only, wants the password, and keeps that in a file for its owner', async () => {
  const dataDir = scratchFolder();
  const { url } = await start(dataDir);
  expect(new URL(url).hostname).toBe('127.0.0.1');
  expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
});

test('nobody who commits waits for more than 1 MB of new log, and checkpoints are as rare as they usually are', async () => {
  const { url } = await start(scratchFolder());
  const sizes =
    "SELECT name, setting || unit AS size FROM pg_settings WHERE name ~ 'wal_s(ize|egment_size)$' ORDER BY name";
  expect(await query(url, sizes)).toEqual([
    { name: 'max_wal_size', size: '1024MB' },
    { name: 'min_wal_size', size: '80MB' },
    { name: 'wal_segment_size', size: '1048576B' },
  ]);
});

test('a Postgres left behind by kill -9 of the server is stopped, and its data is used', async () => {
  const dataDir = scratchFolder();
  await (await startEmbeddedPostgres({ dataDir, log: quiet })).stop();
  const orphan = await leaveOrphan(dataDir);
  const orphanPid = postmasterPid(dataDir);
  const lines: string[] = [];
  const postgres = await startEmbeddedPostgres({ dataDir, log: (level, line) => lines.push(`${level} ${line}`) });
  onTestFinished(() => postgres.stop());
  expect(await orphan.ended).toBe('code 0');
  expect(postmasterPid(dataDir)).not.toBe(orphanPid);
  expect(await query(postgres.url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
  expect(lines).toContain('warn Stopped a Postgres that a killed server had left behind.');
});

test('a stale pid file that names somebody else is removed, and that process left alone', async () => {
  const dataDir = scratchFolder();
  await (await startEmbeddedPostgres({ dataDir, log: quiet })).stop();
  leaveLock(dataDir);
  const dir = join(dataDir, 'postgres');
  writeFileSync(join(dir, 'postmaster.pid'), `${process.pid}\n${dir}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`);
  expect(await query((await start(dataDir)).url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
});

test('a folder that was half made when the server was killed is made anew', async () => {
  const dataDir = scratchFolder();
  mkdirSync(join(dataDir, 'postgres.new/base'), { recursive: true });
  expect(await query((await start(dataDir)).url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
});

test('a second server on the same folder is told who has it', async () => {
  const dataDir = scratchFolder();
  await start(dataDir);
  await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow(
    `Another Perch server (process ${process.pid} on ${hostname()}) is using the data folder ${dataDir}.`,
  );
});

test('when Postgres dies it is started again at the same address, and the pool lives on', async () => {
  const dataDir = scratchFolder();
  const { url } = await start(dataDir);
  const database = new Database({ kind: 'embedded', url, log: quiet });
  onTestFinished(() => database.close());
  expect(await database.isUp()).toBe(true);
  process.kill(postmasterPid(dataDir), 'SIGKILL');
  await expect.poll(() => database.isUp(), { interval: 10 }).toBe(false);
  await expect.poll(() => database.isUp(), { timeout: 20_000 }).toBe(true);
});

test('a folder made by another major version of Postgres is refused, and left as it is', async () => {
  const dataDir = scratchFolder();
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '17\n');
  await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow('was made by Postgres 17');
  expect(existsSync(join(dataDir, 'perch.lock'))).toBe(false);
});

test('a lost password file is named, with the way out', async () => {
  const dataDir = scratchFolder();
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '18\n');
  await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow(
    `The password of the built-in database is missing (${join(dataDir, 'postgres.password')}).`,
  );
});

test('a data folder that cannot be written is named, with the way out', async () => {
  const file = join(scratchFolder(), 'a-file');
  writeFileSync(file, '');
  await expect(startEmbeddedPostgres({ dataDir: join(file, 'data'), log: quiet })).rejects.toThrow(
    /^The data folder .*a-file\/data cannot be written \(ENOTDIR\)\. Make it writable .* PERCH_DATA_DIR\.$/,
  );
});

test.runIf(process.platform === 'linux')(
  'a data folder where nothing can be made is an error, not an endless try',
  async () => {
    const dataDir = '/proc/perch/data';
    await expect(startEmbeddedPostgres({ dataDir, log: quiet })).rejects.toThrow(
      `${dataDir} cannot be written (ENOENT)`,
    );
  },
);

test.runIf(isRoot)('under root, the folder that keeps Postgres out is named', async () => {
  const closed = scratchFolder();
  chmodSync(closed, 0o700);
  await expect(startEmbeddedPostgres({ dataDir: join(closed, 'data'), log: quiet })).rejects.toThrow(
    `the folder ${closed} is closed to others. Run "chmod o+x ${closed}"`,
  );
});
