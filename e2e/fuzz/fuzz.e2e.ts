import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Conversation } from './conversation.js';
import { minimise } from './minimise.js';
import { runFuzz, type FuzzReport } from './run-fuzz.js';
import type { Footprint } from './server-watch.js';

// `npm run fuzz -- --inputs 1000000 --seed n` and `--replay file` set these.
const inputs = Number(process.env['FUZZ_INPUTS'] ?? 20_000);
const seed = process.env['FUZZ_SEED'] ?? String(Math.floor(Math.random() * 1e9));
const replayFile = process.env['FUZZ_REPLAY'];

const MIB = 1024 * 1024;
const CONNECTIONS = 24;
/** On a machine that does much else, too. */
const USUAL_MS = 2000;
const SLOWEST_MS = 15_000;
/** What caches and compiled code may still gain after the warm-up, and what an input may leave behind for good. */
const SETTLED_BYTES = 16 * MIB;
const BYTES_PER_INPUT = 24;
const HANDLES = 16;

test(
  'whatever bytes come over sockets: no fault of our own, nobody else disturbed, nothing left behind',
  { timeout: 600_000 + inputs * 20 },
  async () => {
    // console.log would wait for the end of the test.
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    const replay = replayFile ? (JSON.parse(await readFile(replayFile, 'utf8')) as Conversation[]) : undefined;
    const report = await runFuzz({ seed, inputs: replay ? Infinity : inputs, connections: CONNECTIONS, print, replay });
    const isFaulty = report.problems.length + report.traffic.faults.length > 0;
    if (isFaulty && !replay) await keep(report, print);
    expect(report.problems).toEqual([]);
    expect(report.traffic.faults).toEqual([]);
    expect(report.traffic.usualMs).toBeLessThan(USUAL_MS);
    expect(report.traffic.slowestMs).toBeLessThan(SLOWEST_MS);
    if (replay) return;
    expect(report.inputs).toBeGreaterThanOrEqual(inputs);
    expect(report.traffic.sent).toBeGreaterThan(100);
    leavesNothing(report, print);
  },
);

/** The smallest recording that still shows the fault, for `--replay`. */
async function keep({ suspects }: FuzzReport, print: (line: string) => void): Promise<void> {
  const folder = join(import.meta.dirname, '../artifacts');
  const file = join(folder, `fuzz-${seed}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(await minimise(suspects, print), null, 1));
  print(`fuzz: recorded in ${file}; again with npm run fuzz -- --replay ${file}`);
}

/** The second half of the inputs has made the server no larger than the first had. */
function leavesNothing({ footprints }: FuzzReport, print: (line: string) => void): void {
  for (const footprint of footprints) print(`fuzz: ${describe(footprint)}`);
  const [, middle, end] = footprints as [Footprint, Footprint, Footprint];
  expect(end.heapBytes - middle.heapBytes).toBeLessThan(SETTLED_BYTES + (BYTES_PER_INPUT * inputs) / 2);
  expect(end.handles - middle.handles).toBeLessThan(HANDLES);
}

function describe({ heapBytes, rssBytes, ...counts }: Footprint): string {
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  const words = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return `heap ${mib(heapBytes)}, resident ${mib(rssBytes)}, ${words.join(', ')}`;
}
