import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../boot/startup-error.js';
import { assertReachable, choosePostgresAccount, type PostgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

/** The major version of the Postgres that Perch brings along. */
const MAJOR_VERSION = '18';

/** The one role of the built-in database, and the name of the database it owns. */
export const clusterRole = 'perch';

/** A Postgres data folder that is ready to be started. */
export interface Cluster {
  readonly dir: string;
  readonly password: string;
  readonly account: PostgresAccount | null;
  readonly binaries: PostgresBinaries;
}

/** Finds the cluster in the data folder, or makes a new one. */
export async function prepareCluster(dataDir: string): Promise<Cluster> {
  const dir = join(dataDir, 'postgres');
  const [binaries, account] = await Promise.all([findPostgresBinaries(), choosePostgresAccount(dir)]);
  await assertReachable(binaries.postgres, account);
  await assertReachable(dir, account);
  const version = await readVersion(dir);
  if (version !== null && version !== MAJOR_VERSION) throw otherVersion(dir, version);
  const password = await readOrMakePassword(join(dataDir, 'postgres.password'), version !== null);
  const cluster = { dir, password, account, binaries };
  if (version === null) await initialise(cluster);
  return cluster;
}

async function readVersion(dir: string): Promise<string | null> {
  try {
    return (await readFile(join(dir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw otherOwner(dir, error);
  }
}

async function readOrMakePassword(file: string, clusterExists: boolean): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw otherOwner(file, error);
  });
  if (kept) return kept.trim();
  if (clusterExists) throw lostPassword(file);
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true });
  return password;
}

/** Fills a folder beside the final one and renames it, so that a crash half way leaves nothing that looks complete. */
async function initialise({ dir, password, account, binaries }: Cluster): Promise<void> {
  const draft = `${dir}.new`;
  const passwordFile = `${draft}.password`;
  await Promise.all([rm(draft, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await Promise.all([draft, passwordFile].map((path) => chown(path, account.uid, account.gid)));
  try {
    await run(binaries.initdb, initdbArguments(draft, passwordFile), childOptions(dir, account));
  } catch (error) {
    throw initialisationFailed(dir, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, dir);
}

function initdbArguments(dir: string, passwordFile: string): string[] {
  return [
    `--pgdata=${dir}`,
    `--username=${clusterRole}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built into Postgres: the order of text does not change under our indexes when the system's C library does.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    // Whoever commits waits while a new segment of the log is filled with zeros: about 50 ms for the usual 16 MB.
    '--wal-segsize=1',
  ];
}

/** What every Postgres program is started with: its account, and an environment without the server's secrets. */
export function childOptions(dir: string, account: PostgresAccount | null) {
  return { ...account, cwd: parse(dir).root, env: { LC_ALL: 'C' }, windowsHide: true };
}

function otherVersion(dir: string, version: string): StartupError {
  return new StartupError(
    `${dir} was made by Postgres ${version}, and this Perch brings Postgres ${MAJOR_VERSION}.`,
    'Start the Perch version that made it, or choose a new folder with PERCH_DATA_DIR.',
  );
}

function otherOwner(path: string, cause: unknown): StartupError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new StartupError(
    `${path} cannot be read (${code}); another user probably started Perch here before.`,
    'Start it as that user, give this one the folder (chown -R), or choose another with PERCH_DATA_DIR.',
    { cause },
  );
}

function lostPassword(file: string): StartupError {
  return new StartupError(
    `The password of the built-in database is missing (${file}).`,
    'Put the file back from a backup, or choose a new folder with PERCH_DATA_DIR.',
  );
}

function initialisationFailed(dir: string, cause: unknown): StartupError {
  const { stderr, message } = cause as Error & { stderr?: string };
  const reason = (stderr ?? '').split('\n').find((line) => line.includes('error:')) ?? message;
  return new StartupError(
    `The built-in database could not be made in ${dir}: ${reason.replace(/^.*error: /, '')}.`,
    'Free the way, or set DATABASE_URL to a Postgres of your own.',
    { cause },
  );
}
