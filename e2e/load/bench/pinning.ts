import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Who runs on which core: the broker with all that it starts on one, the load generator on another. */
const cores = { broker: 0, load: 1 };

const hasTaskset =
  process.platform === 'linux' && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
const isPinned = hasTaskset && availableParallelism() > 1;

/** The command, held to its core where that is possible. */
export function pinned(role: keyof typeof cores, command: readonly string[]): string[] {
  return isPinned ? ['taskset', '--cpu-list', String(cores[role]), ...command] : [...command];
}

/** How it was done, for the report. */
export const pinningNote = isPinned
  ? `broker on core ${cores.broker}, load on core ${cores.load}`
  : `nothing pinned to a core (${hasTaskset ? 'there is only one' : 'there is no taskset'}): expect more noise`;
