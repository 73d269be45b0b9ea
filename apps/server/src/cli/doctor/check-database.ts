import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import type { Config } from '../../config/config.schema.js';
import { pendingMigrations } from '../../database/migrate.js';
import { clockFinding } from './check-machine.js';
import type { Finding } from './finding.js';

const TIMEOUT_MS = 5_000;
const OLDEST_POSTGRES = 140_000;
const GIB = 1024 ** 3;
const LITTLE_SPACE = 2 * GIB;

/** The database that the settings name, or the folder that the built-in one is in. */
export function checkDatabase(config: Config, isRunning: boolean): Promise<Finding[]> {
  return config.databaseUrl === undefined ? checkFolder(config.dataDir, isRunning) : checkServer(config.databaseUrl);
}

async function checkFolder(dataDir: string, isRunning: boolean): Promise<Finding[]> {
  const subject = 'data folder';
  const existing = await nearestFolder(dataDir);
  try {
    // While the server runs, the folder may belong to the account of its Postgres.
    if (!isRunning) await access(existing, constants.W_OK);
  } catch {
    return [{ verdict: 'error', subject, says: `${existing} cannot be written.`, wayOut: 'Allow it, or set dataDir.' }];
  }
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const says = `${dataDir}, with ${(free / GIB).toFixed(1)} GiB free; Postgres is built in.`;
  if (free >= LITTLE_SPACE) return [{ verdict: 'ok', subject, says }];
  return [{ verdict: 'warning', subject, says, wayOut: 'Make room: a full disk stops everything that is durable.' }];
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (isThere || dirname(folder) === folder) return folder;
  }
}

async function checkServer(url: string): Promise<Finding[]> {
  const subject = 'database';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  try {
    await client.connect();
    const before = Date.now();
    const { rows } = await client.query<{ version: string; now: Date; writable: boolean }>(
      `SELECT current_setting('server_version_num') AS version, clock_timestamp() AS now,
              NOT pg_is_in_recovery() AND has_schema_privilege(current_schema(), 'CREATE') AS writable`,
    );
    const row = rows[0] as (typeof rows)[0];
    const differenceMs = Math.abs(row.now.getTime() - (before + Date.now()) / 2);
    return [...(await judgeServer(url, row)), clockFinding('clock', 'the database', differenceMs)];
  } catch (error) {
    const reason = (error as Error).message || String((error as { code?: string }).code);
    return [{ verdict: 'error', subject, says: `It cannot be used: ${reason}.`, wayOut: 'Check DATABASE_URL.' }];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function judgeServer(url: string, row: { version: string; writable: boolean }): Promise<Finding[]> {
  const subject = 'database';
  const major = Math.floor(Number(row.version) / 10_000);
  if (Number(row.version) < OLDEST_POSTGRES)
    return [{ verdict: 'error', subject, says: `It is Postgres ${major}.`, wayOut: 'Perch needs 14 or newer.' }];
  if (!row.writable)
    return [{ verdict: 'error', subject, says: 'This account may not make tables there.', wayOut: 'Grant it CREATE.' }];
  const pending = await pendingMigrations(url);
  const says =
    pending.length === 0 ? 'its tables are up to date' : `the next start applies ${pending.length} migrations`;
  return [{ verdict: 'ok', subject, says: `It is Postgres ${major}; ${says}.` }];
}
