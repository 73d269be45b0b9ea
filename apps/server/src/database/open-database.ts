import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../boot/startup-error.js';
import { Database, type DatabaseSource } from './database.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';

const STARTING_UP = '57P03';
const STARTING_UP_PATIENCE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Where the data is to be. */
export interface DatabaseOptions {
  /** A Postgres of the operator's own; without it the built-in one is started. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly log: DatabaseSource['log'];
}

/** Starts or reaches Postgres and migrates it. Rejects with a `StartupError` that says the way out. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const source = await openSource(options);
  try {
    const applied = await migrate(source.url);
    for (const name of applied) options.log('debug', `Applied the migration ${name}.`);
    return new Database(source);
  } catch (error) {
    await source.stop?.();
    throw error;
  }
}

async function openSource({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<DatabaseSource> {
  if (databaseUrl !== undefined) {
    await assertConnectable(databaseUrl);
    return { kind: 'external', url: databaseUrl, log };
  }
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  return { kind: 'embedded', url: postgres.url, log, stop: () => postgres.stop() };
}

async function assertConnectable(url: string): Promise<void> {
  const giveUpAt = Date.now() + STARTING_UP_PATIENCE_MS;
  for (;;) {
    const error = await tryToConnect(url);
    if (!error) return;
    if ((error as { code?: string }).code !== STARTING_UP || Date.now() > giveUpAt) throw explain(url, error);
    await delay(500);
  }
}

async function tryToConnect(url: string): Promise<Error | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined); // connect() rejects with the same error
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return error as Error;
  }
}

const CHECK_URL = 'Check DATABASE_URL, or leave it out to use the built-in Postgres.';

/** What each code of Node or Postgres means for the person at the terminal. */
const wayOut: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there: start Postgres, or check host and port in DATABASE_URL.',
  ENOTFOUND: 'That host name is unknown: check DATABASE_URL.',
  EAI_AGAIN: 'That host name cannot be looked up now: check DATABASE_URL and the network.',
  EHOSTUNREACH: 'There is no way to that host: check DATABASE_URL and the network.',
  ETIMEDOUT: 'It does not answer: check host, port and firewall.',
  '28P01': 'Correct the user name or the password in DATABASE_URL.',
  '28000': 'Postgres does not let this user in: check DATABASE_URL and pg_hba.conf.',
  '3D000': 'Create that database, or correct its name in DATABASE_URL.',
  '53300': 'Postgres has no connection left: raise its max_connections, or close others.',
};

function explain(url: string, cause: Error): StartupError {
  const { code = '' } = firstCause(cause) as { code?: string };
  const reason = firstCause(cause).message || code;
  return new StartupError(`The database at ${placeOf(url)} cannot be used: ${reason}.`, wayOut[code] ?? CHECK_URL, {
    cause,
  });
}

/** Node tries every address of a host name and reports all failures in one. */
function firstCause(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return first ?? error;
}

/** Host, port and database; never the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
