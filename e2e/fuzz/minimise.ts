import type { Conversation } from './conversation.js';
import { runFuzz, type FuzzReport } from './run-fuzz.js';

const PATIENCE_MS = 180_000;

/** Whether these conversations alone bring the fault about. */
async function isFaulty(replay: readonly Conversation[]): Promise<boolean> {
  const run = { seed: 'replay', inputs: Infinity, connections: 8, print: () => undefined };
  const { problems, traffic }: FuzzReport = await runFuzz({ ...run, replay });
  return problems.length > 0 || traffic.faults.length > 0;
}

/** As few of the conversations, and as few of their moves, as still bring the fault about: halves are left out while that works. */
export async function minimise(
  suspects: readonly Conversation[],
  print: (line: string) => void,
): Promise<readonly Conversation[]> {
  const deadline = performance.now() + PATIENCE_MS;
  const stillFails = async (candidate: readonly Conversation[]) =>
    performance.now() < deadline && (await isFaulty(candidate));
  if (!(await stillFails(suspects))) return suspects;
  const few = await fewest(suspects, stillFails);
  print(`fuzz: ${few.length} of ${suspects.length} conversations bring it about`);
  const [only, ...more] = few;
  if (!only || more.length > 0) return few;
  const moves = await fewest(only.moves, (kept) => stillFails([{ ...only, moves: kept }]));
  return [{ ...only, moves }];
}

/** Delta debugging: leaves out ever smaller parts, from the front, as long as what remains still fails. */
async function fewest<T>(items: readonly T[], fails: (items: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && kept.length > 1;) {
      const candidate = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (candidate.length > 0 && (await fails(candidate))) kept = candidate;
      else at += size;
    }
  }
  return kept;
}
