import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningBroker } from './broker.js';
import { Child, freePorts } from './child.js';

/** A broker that was found on this machine. */
export interface Found {
  readonly program: string;
  readonly version: string;
}

/** The first of these programs that tells its version; `version` is its first group. Null when none is installed. */
export function findProgram(programs: readonly string[], flag: string, version: RegExp): Found | null {
  for (const program of programs) {
    const { stdout, error } = spawnSync(program, [flag], { encoding: 'utf8' });
    const told = version.exec(stdout ?? '')?.[1];
    if (!error && told !== undefined) return { program, version: told };
  }
  return null;
}

/** Where a broker that is configured by a file listens, and the folder that is its own while it runs. */
export interface Place {
  readonly dir: string;
  readonly port: number;
  readonly secondPort: number;
}

/** Starts it with a configuration of these lines; resolves when it listens for MQTT on `port`. */
export async function startConfigured(
  program: string,
  configure: (place: Place) => readonly string[],
): Promise<Pick<RunningBroker, 'pid' | 'stop'> & Place> {
  const dir = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  const [port = 0, secondPort = 0] = await freePorts(2);
  const place = { dir, port, secondPort };
  const file = join(dir, 'broker.conf');
  await writeFile(file, `${configure(place).join('\n')}\n`);
  const child = new Child([program, '-c', file]);
  const stop = async () => {
    await child.stop();
    await rm(dir, { recursive: true, force: true });
  };
  await child.listens(port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { pid: child.pid, stop, ...place };
}
