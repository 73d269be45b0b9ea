import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../boot/startup-error.js';

const run = promisify(execFile);

const OTHERS_MAY_PASS = 0o001;
const GROUP_MAY_PASS = 0o010;
const OWNER_MAY_PASS = 0o100;

/** The system account Postgres runs as. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account for the cluster in this folder, or null for the one Perch itself runs as.
 * Postgres refuses to be root, so root gives it the folder's owner, or the user `postgres`, made when missing.
 */
export async function choosePostgresAccount(clusterDir: string): Promise<PostgresAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(clusterDir).catch(() => null); // not there yet
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUpPostgresUser()) ?? (await createPostgresUser());
}

async function lookUpPostgresUser(): Promise<PostgresAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // id exits with 1 when there is no such user
  }
}

async function createPostgresUser(): Promise<PostgresAccount> {
  let cause: unknown;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch (error) {
    cause = error;
  }
  const account = await lookUpPostgresUser();
  if (account) return account;
  throw new StartupError(
    'Perch runs as root, Postgres refuses to, and the user "postgres" could not be created for it.',
    'Run Perch as an ordinary user, create the user "postgres", or set DATABASE_URL.',
    { cause },
  );
}

/** Makes sure that the account can get to the path, and says which folder keeps it out when it cannot. */
export async function assertReachable(path: string, account: PostgresAccount | null): Promise<void> {
  if (!account) return;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!(await mayPass(folder, account))) throw unreachable(path, folder);
    if (folder === dirname(folder)) return;
  }
}

async function mayPass(folder: string, account: PostgresAccount): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  if (uid === account.uid) return (mode & OWNER_MAY_PASS) !== 0;
  if (gid === account.gid) return (mode & GROUP_MAY_PASS) !== 0;
  return (mode & OTHERS_MAY_PASS) !== 0;
}

function unreachable(path: string, folder: string): StartupError {
  return new StartupError(
    `Perch runs as root and Postgres as another user, who cannot reach ${path}: the folder ${folder} is closed to others.`,
    `Run "chmod o+x ${folder}", run Perch as an ordinary user, move it (PERCH_DATA_DIR moves the data), or set DATABASE_URL.`,
  );
}
