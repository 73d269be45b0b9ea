import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { migrate } from './migrate.js';
import { migrationsFolder, schemaFile } from './migration-files.js';
import { openSchemaEngine } from './schema-engine.js';

/**
 * The SQL that is missing from the migrations to arrive at schema.prisma, or null when nothing is.
 * Applies them to the database at `url`, which has to be an empty one.
 */
export async function diffMigrations(url: string, folder = migrationsFolder): Promise<string | null> {
  await migrate(url, folder);
  const schema = { path: schemaFile, content: await readFile(schemaFile, 'utf8') };
  const { engine, close } = await openSchemaEngine(url, schema);
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [schema], configDir: dirname(schemaFile) },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? null : stdout;
  } finally {
    await close();
  }
}
