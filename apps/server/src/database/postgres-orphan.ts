import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../boot/startup-error.js';
import { identifyProcess, type ProcessIdentity } from './process-identity.js';

const FAST_SHUTDOWN_MS = 30_000;
const POLL_MS = 50;

/**
 * Clears away what a killed server left in its cluster: a Postgres that still runs is stopped, a stale pid file removed.
 * Only a process that is verified to be Postgres on this very folder is touched. True when one was stopped.
 */
export async function clearOrphan(clusterDir: string): Promise<boolean> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === null) return false;
  const found = await identifyProcess(pid);
  if (found?.command === '') throw unknownProcess(found, pidFile);
  const isOurs = found !== null && isPostgresOn(clusterDir, found.command);
  if (isOurs) await stop(found);
  await rm(pidFile, { force: true });
  return isOurs;
}

/** Zero, which is nobody's, when the file holds no process id; null when there is no file. */
async function readPid(pidFile: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isPostgresOn(clusterDir: string, command: string): boolean {
  const [program = '', ...args] = command.includes('\0') ? command.split('\0') : command.split(' -D ');
  if (!basename(program).startsWith('postgres')) return false;
  return args.some((arg) => arg === clusterDir || arg.startsWith(`${clusterDir} `));
}

/** Asks for a fast shutdown, and insists when that takes too long: Postgres recovers from its log either way. */
async function stop(orphan: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!(await isStillRunning(orphan))) return;
    process.kill(orphan.pid, signal);
    const deadline = Date.now() + FAST_SHUTDOWN_MS;
    while (Date.now() < deadline && (await isStillRunning(orphan))) await delay(POLL_MS);
  }
}

async function isStillRunning(orphan: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(orphan.pid))?.startedAt === orphan.startedAt;
}

function unknownProcess(found: ProcessIdentity, pidFile: string): StartupError {
  return new StartupError(
    `A Postgres left behind by a killed server may still run as process ${found.pid}.`,
    `End that process, or delete ${pidFile} when it is something else, and start again.`,
  );
}
