import pg from 'pg';
import { StartupError } from '../boot/startup-error.js';
import { migrationsFolder, readMigrations, type MigrationFile } from './migration-files.js';

// Any number will do as long as every Perch uses the same one: "PERCH" in ASCII.
const MIGRATION_LOCK = 0x50_45_52_43_48;
const LOCK_TIMEOUT_MS = 120_000;
const LOCK_NOT_AVAILABLE = '55P03';

// Prisma's own table, so that its tools can read where a database stands.
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

const RECORD = `
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
  VALUES (gen_random_uuid()::text, $1, $2, clock_timestamp(), 1)`;

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/**
 * Brings the database to the schema of this version and names the migrations it applied.
 * Each is applied whole or not at all, also when the process dies meanwhile.
 * Servers that start at the same time on one database wait for each other.
 */
export async function migrate(url: string, folder = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: url, application_name: 'perch-migrate' });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  await client.connect();
  try {
    await takeLock(client);
    await client.query(CREATE_HISTORY);
    const pending = findPending(migrations, await readHistory(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // gives the lock back
  }
}

/** The migrations that a start on this database would apply. Nothing is changed. */
export async function pendingMigrations(url: string, folder = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: url, application_name: 'perch-migrate' });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  await client.connect();
  try {
    const { rows } = await client.query<{ known: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known`,
    );
    const history = rows[0]?.known ? await readHistory(client) : [];
    return findPending(migrations, history).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  try {
    await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new StartupError(
      'Another Perch server has been migrating this database for two minutes.',
      'Wait for it, or stop it and start again.',
      { cause: error },
    );
  }
}

async function readHistory(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return rows;
}

function findPending(migrations: readonly MigrationFile[], history: readonly AppliedMigration[]): MigrationFile[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const applied of history) {
    const migration = known.get(applied.name);
    if (!migration) throw newerDatabase(applied.name);
    if (!applied.finished) throw brokenMigration(applied.name);
    if (migration.checksum !== applied.checksum) throw editedMigration(applied.name);
  }
  const names = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !names.has(name));
}

async function apply(client: pg.Client, migration: MigrationFile): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.script);
    await client.query(RECORD, [migration.checksum, migration.name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // without a connection there is nothing left to undo
    throw failedMigration(migration.name, error);
  }
}

function failedMigration(name: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartupError(
    `The migration "${name}" failed and was undone: ${reason}.`,
    'Start the previous version of Perch, which still fits this database, and report this.',
    { cause },
  );
}

function newerDatabase(name: string): StartupError {
  return new StartupError(
    `The database was migrated by a newer Perch: it has "${name}", which this version does not know.`,
    'Start that version, or restore a backup from before the upgrade.',
  );
}

function brokenMigration(name: string): StartupError {
  return new StartupError(
    `The migration "${name}" was begun by another tool and never finished.`,
    'Settle it with "prisma migrate resolve", or restore a backup.',
  );
}

function editedMigration(name: string): StartupError {
  return new StartupError(
    `The migration "${name}" is not the one this database was migrated with.`,
    'Start the Perch release that belongs to this database; a released migration must not be edited.',
  );
}
