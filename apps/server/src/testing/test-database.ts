import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl } from './database-url.js';

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Also when somebody is still connected. */
  drop(): Promise<void>;
}

/** Makes an empty, migrated database on the Postgres of this run. `{ migrated: false }` leaves out the schema. */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runAsAdmin(`CREATE DATABASE ${name} ${migrated ? 'TEMPLATE perch_template' : ''}`);
  return {
    url: databaseUrl(inject('adminUrl'), name),
    drop: () => runAsAdmin(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function runAsAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  try {
    // Two files that copy the template at one time would find it "being accessed by other users".
    await admin.query('SELECT pg_advisory_lock(1)');
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}
