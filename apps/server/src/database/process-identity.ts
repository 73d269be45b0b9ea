import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A running process, told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly startedAt: string;
  /** The command line, arguments separated by NUL where the system tells, else by spaces. Empty when it hides it. */
  readonly command: string;
}

/** Who runs under this id now, or null when nobody does. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  if (pid <= 0 || !isAlive(pid)) return null; // zero and below mean process groups
  if (process.platform === 'linux') return identifyByProc(pid);
  if (process.platform === 'win32') return { pid, startedAt: '', command: '' };
  return identifyByPs(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function identifyByProc(pid: number): Promise<ProcessIdentity | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name is in brackets and may hold anything; state is the first field after it, starttime the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null; // dead, only not yet collected by its parent
    return { pid, startedAt: fields[19] ?? '', command: await readFile(`/proc/${pid}/cmdline`, 'utf8') };
  } catch {
    return null; // it ended while we looked
  }
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-o', 'command=', '-p', String(pid)]);
    const line = stdout.trim();
    return { pid, startedAt: line.slice(0, 24), command: line.slice(24).trim() };
  } catch {
    return null; // ps exits with 1 when there is no such process
  }
}
