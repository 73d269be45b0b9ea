import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diffMigrations } from './diff-migrations.js';
import { migrationsFolder } from './migration-files.js';
import { startScratchPostgres } from './scratch-postgres.js';

/** Writes the next migration from what changed in schema.prisma, and returns its folder; null when nothing did. */
export async function writeNewMigration(name: string, folder = migrationsFolder): Promise<string | null> {
  await mkdir(folder, { recursive: true });
  const postgres = await startScratchPostgres();
  try {
    const script = await diffMigrations(postgres.url, folder);
    return script === null ? null : await writeMigration(folder, name, script);
  } finally {
    await postgres.stop();
  }
}

async function writeMigration(folder: string, name: string, script: string): Promise<string> {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  await mkdir(target);
  await writeFile(join(target, 'migration.sql'), script);
  return target;
}
