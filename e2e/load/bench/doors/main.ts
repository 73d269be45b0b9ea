// npm run bench:doors -- [--rounds N] [--seconds S]
// What a delivery costs at each WebSocket door of Perch, beside a plain fan-out with `ws` of the same frames, in one run.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { PerchKind } from '../brokers/perch.js';
import { startPlainWs } from '../brokers/plain-ws.js';
import { formatNumber } from '../figures.js';
import { pinned, pinningNote } from '../pinning.js';
import { asText } from '../report.js';
import { median, ratios, spread } from '../statistics.js';
import type { DoorPlace } from './door.js';
import { doors, type DoorName } from './doors.js';
import { loads, type DoorJob, type DoorOutcome } from './load.js';

const root = join(import.meta.dirname, '../../../../..');
const say = (line: string) => void process.stdout.write(`${line}\n`);
const RULES = 1000;
const names = Object.keys(doors) as DoorName[];
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
});
const rounds = Number(values.rounds);
const times = { warmUpS: 1.5, measureS: Number(values.seconds) };

interface Server {
  readonly place: DoorPlace;
  readonly pid: number;
  stop(): Promise<void>;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const perch = await PerchKind.prepare({ name: 'perch', root, rules: RULES });
try {
  say(`${rounds} rounds of ${times.measureS} s, Perch with ${RULES} rules; ${pinningNote}.\n`);
  const rows = [
    ['CPU µs per delivery, p50 and p99 in µs', ...names, ...names.slice(0, -1).map((name) => `${name} ÷ plain`)],
  ];
  for (const load of Object.keys(loads)) rows.push(await measure(load));
  say(`\n${asText(rows)}`);
} finally {
  await perch.dispose();
}

/** One row: the doors in turns, round by round, so that what disturbs one disturbs all. */
async function measure(load: string): Promise<string[]> {
  const outcomes = new Map<DoorName, DoorOutcome[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const outcome = await runOnce(name, load);
      outcomes.get(name)?.push(outcome);
      const { cpuUs, p99Us, late, generatorLoad } = outcome;
      say(
        `${load.slice(0, 2)} round ${round + 1} ${name.padEnd(9)} ${cpuUs.toFixed(2)} µs  p99 ${p99Us.toFixed(0)} µs  ` +
          `generator ${Math.round(generatorLoad * 100)} %${late > 0 ? `  ${late} did not come in time` : ''}`,
      );
    }
  }
  const cpu = (name: DoorName) => (outcomes.get(name) ?? []).map(({ cpuUs }) => cpuUs);
  const cell = (name: DoorName) => {
    const all = outcomes.get(name) ?? [];
    const figures = [cpu(name), all.map(({ p50Us }) => p50Us), all.map(({ p99Us }) => p99Us)];
    return figures.map((each) => formatNumber(median(each))).join(' / ');
  };
  const ratio = (name: DoorName) => {
    const each = ratios(cpu(name), cpu('plain ws'));
    const { min, max } = spread(each);
    return `${median(each).toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
  };
  return [load, ...names.map(cell), ...names.slice(0, -1).map(ratio)];
}

async function runOnce(name: DoorName, load: string): Promise<DoorOutcome> {
  const server = name === 'plain ws' ? await startPlain() : await startPerch();
  try {
    const job: DoorJob = {
      door: name,
      place: server.place,
      pid: server.pid,
      ...times,
      ...(loads[load] as (typeof loads)[string]),
    };
    const [program = '', ...args] = pinned('load', [process.execPath, join(import.meta.dirname, 'generator.js')]);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 120_000, killSignal: 'SIGKILL' });
    child.stdin.end(JSON.stringify(job));
    return JSON.parse(await text(child.stdout)) as DoorOutcome;
  } finally {
    await server.stop();
  }
}

async function startPlain(): Promise<Server> {
  const plain = await startPlainWs();
  return { pid: plain.pid, stop: () => plain.stop(), place: { origin: plain.url, username: null, password: null } };
}

async function startPerch(): Promise<Server> {
  const broker = await perch.start();
  const { pid, webSocket, username, password } = broker;
  return { pid, stop: () => broker.stop(), place: { origin: `ws://127.0.0.1:${webSocket?.port}`, username, password } };
}
