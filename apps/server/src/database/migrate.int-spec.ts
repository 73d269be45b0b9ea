import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.js';
import { createTestDatabase } from '../testing/test-database.js';
import { diffMigrations } from './diff-migrations.js';
import { migrate } from './migrate.js';
import { migrationsFolder, readMigrations } from './migration-files.js';

let url: string;

beforeEach(async () => {
  const database = await createTestDatabase({ migrated: false });
  url = database.url;
  onTestFinished(() => database.drop());
});

const names = async () => (await readMigrations()).map(({ name }) => name);

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

/** The released migrations and one more. */
function folderWith(name: string, script: string): string {
  const folder = scratchFolder();
  cpSync(migrationsFolder, folder, { recursive: true });
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'migration.sql'), script);
  return folder;
}

test('the migrations lead to schema.prisma, nothing more and nothing less', async () => {
  expect(await diffMigrations(url)).toBeNull();
});

test('a schema that the migrations do not lead to is found out', async () => {
  const drifted = folderWith('29990101000000_extra', 'ALTER TABLE users DROP COLUMN note;');
  expect(await diffMigrations(url, drifted)).toContain('ADD COLUMN     "note"');
});

test('an empty database gets all migrations, and a second time none', async () => {
  expect(await migrate(url)).toEqual(await names());
  expect(await migrate(url)).toEqual([]);
});

test('of servers that start together one migrates and the others wait', async () => {
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(applied.flat()).toEqual(await names());
});

test('a migration that fails is undone completely, and can be tried again', async () => {
  const broken = folderWith('29990101000000_broken', 'CREATE TABLE half (); SELECT 1 / 0;');
  await expect(migrate(url, broken)).rejects.toThrow('The migration "29990101000000_broken" failed and was undone');
  expect(await query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
  const mended = folderWith('29990101000000_broken', 'CREATE TABLE half ();');
  expect(await migrate(url, mended)).toEqual(['29990101000000_broken']);
});

test('a database of a newer Perch is left alone', async () => {
  await migrate(url, folderWith('29990101000000_future', 'CREATE TABLE future ();'));
  await expect(migrate(url)).rejects.toThrow('The database was migrated by a newer Perch');
});

test('an edited migration is an error', async () => {
  await migrate(url);
  await query(`UPDATE _prisma_migrations SET checksum = 'other'`);
  await expect(migrate(url)).rejects.toThrow('is not the one this database was migrated with');
});
