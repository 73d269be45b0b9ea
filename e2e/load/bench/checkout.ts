import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another revision of this repository, built, in a folder of its own. */
export interface Checkout {
  readonly root: string;
  /** Removes it; happens at the end of this process, too. */
  remove(): void;
}

/** Checks out and builds the revision. Packages are taken from here where they are the same, otherwise installed. */
export async function checkOut(from: string, ref: string): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-ref-'));
  await chmod(folder, 0o755); // Postgres is in it, and runs as another account when this runs as root
  const root = join(folder, 'perch');
  run(from, 'git', 'worktree', 'add', '--detach', root, ref);
  const remove = () => {
    process.off('exit', remove);
    run(from, 'git', 'worktree', 'remove', '--force', root);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    await install(from, root);
    run(root, 'npm', 'run', 'build', '-w', '@perch/server');
  } catch (error) {
    remove();
    throw error;
  }
  return { root, remove };
}

async function install(from: string, root: string): Promise<void> {
  const [ours, theirs] = await Promise.all([from, root].map((dir) => readFile(join(dir, 'package-lock.json'), 'utf8')));
  if (ours !== theirs) return run(root, 'npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');
  // The links to our own packages are relative, so in a copy they lead to the other checkout.
  const copy = (how: string) => run(root, 'cp', how, join(from, 'node_modules'), join(root, 'node_modules'));
  try {
    copy('-al'); // hard links: at once, and only on one file system of Linux
  } catch {
    await rm(join(root, 'node_modules'), { recursive: true, force: true });
    copy('-a');
  }
}

function run(cwd: string, program: string, ...args: string[]): void {
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`"${[program, ...args].join(' ')}" failed: ${error?.message ?? stdout + stderr}`);
}
