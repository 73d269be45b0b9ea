import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { StartupError } from '../boot/startup-error.js';
import { identifyProcess } from './process-identity.js';

/** The right to use a data folder. */
export interface DataDirLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly host: string;
}

/**
 * Takes the data folder for this process and makes it when it is not there.
 * A lock left behind by a process that is gone is taken over.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const file = join(dataDir, 'perch.lock');
  try {
    await makeFolder(dataDir);
    await takeLock(file, dataDir);
  } catch (error) {
    throw error instanceof StartupError ? error : unusable(dataDir, error);
  }
  return { release: () => rm(file, { force: true }) };
}

/** Not `recursive`: where the system answers ENOENT to a mkdir that may not be, as under /proc, Node tries for ever. */
async function makeFolder(path: string, mayMakeParent = true): Promise<void> {
  try {
    await mkdir(path, { mode: 0o755 }); // Postgres may run as another user and has to pass through
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || !mayMakeParent || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeFolder(path, false);
  }
}

async function takeLock(file: string, dataDir: string): Promise<void> {
  const own = JSON.stringify(await describeSelf());
  for (;;) {
    try {
      return await writeFile(file, own, { flag: 'wx', mode: 0o644 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = await readFile(file, 'utf8').catch(() => ''); // gone again: the next round takes it
    const holder = parseHolder(found);
    if (holder && (await isRunning(holder))) throw inUse(dataDir, holder);
    await removeStale(file, found);
  }
}

/** Two servers may find the same stale lock; only what was read may be removed, never the other's fresh one. */
async function removeStale(file: string, found: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== found) await link(aside, file);
  await rm(aside, { force: true });
}

async function describeSelf(): Promise<Holder> {
  const self = await identifyProcess(process.pid);
  return { pid: process.pid, startedAt: self?.startedAt ?? '', host: hostname() };
}

function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.pid !== 'number') return null;
    return { pid: value.pid, startedAt: String(value.startedAt), host: String(value.host) };
  } catch {
    return null; // cut off by a crash
  }
}

async function isRunning(holder: Holder): Promise<boolean> {
  const found = await identifyProcess(holder.pid);
  return found !== null && found.startedAt === holder.startedAt;
}

function inUse(dataDir: string, holder: Holder): StartupError {
  return new StartupError(
    `Another Perch server (process ${holder.pid} on ${holder.host}) is using the data folder ${dataDir}.`,
    'Stop it, or give this one its own folder with PERCH_DATA_DIR.',
  );
}

function unusable(dataDir: string, cause: unknown): StartupError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new StartupError(
    `The data folder ${dataDir} cannot be written (${code}).`,
    'Make it writable for the user that runs Perch, or choose another with PERCH_DATA_DIR.',
    { cause },
  );
}
