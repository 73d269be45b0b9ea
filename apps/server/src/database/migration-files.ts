import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// src/database and dist/database are equally deep, so this holds for both.
const prismaFolder = fileURLToPath(new URL('../../../../prisma', import.meta.url));

/** Where the schema that the migrations lead to is. */
export const schemaFile = join(prismaFolder, 'schema.prisma');

/** Where the migrations of this version of Perch are. */
export const migrationsFolder = join(prismaFolder, 'migrations');

/** One migration as it is on disk. */
export interface MigrationFile {
  readonly name: string;
  readonly script: string;
  /** As `_prisma_migrations` records it. */
  readonly checksum: string;
}

/** The migrations of a folder, oldest first. */
export async function readMigrations(folder = migrationsFolder): Promise<MigrationFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, name: string): Promise<MigrationFile> {
  const script = await readFile(join(folder, name, 'migration.sql'), 'utf8');
  return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
}
