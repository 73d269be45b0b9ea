import type { TestProject } from 'vitest/node';
import pg from 'pg';
import { migrate } from '../database/migrate.js';
import { startScratchPostgres, type ScratchPostgres } from '../database/scratch-postgres.js';
import { databaseUrl } from './database-url.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A role that may create databases, on the Postgres of this test run. */
    readonly adminUrl: string;
  }
}

/** The database that every test database is a copy of. */
export const TEMPLATE = 'perch_template';

let postgres: ScratchPostgres | undefined;

/** Starts one real Postgres for the whole run, with a migrated template. */
export async function setup(project: TestProject): Promise<void> {
  postgres = await startScratchPostgres();
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  await migrate(databaseUrl(postgres.url, TEMPLATE));
  project.provide('adminUrl', postgres.url);
}

/** Stops it and removes its data. */
export async function teardown(): Promise<void> {
  await postgres?.stop();
}
