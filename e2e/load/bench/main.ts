import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aedes } from './brokers/aedes.js';
import type { Absent, BrokerKind } from './brokers/broker.js';
import { findMosquitto } from './brokers/mosquitto.js';
import { PerchKind } from './brokers/perch.js';
import { readOptions, type BenchOptions } from './options.js';
import { asText, cpuTable, otherTable, remarks } from './report.js';
import { faults, newResults, type Results } from './results.js';
import { runRounds } from './run-rounds.js';
import { scenarios } from './scenarios.js';

const root = join(import.meta.dirname, '../../../..');
const RULES = 1000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

// Whatever runs is ended when this ends, and a signal ends it like anything else.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = given(process.argv.slice(2));
const results = options.from === null ? await bench(options) : readResults(options.from);
say(`\n${describe(results)}\n`);
for (const table of [cpuTable, otherTable]) say(`${asText(table(results, scenarios))}\n`);
for (const remark of remarks(results)) say(remark);
process.exitCode = isSound(results) ? 0 : 1;

function given(args: readonly string[]): BenchOptions {
  try {
    return readOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

async function bench({ peers, rounds, duration, scenarios, json }: BenchOptions): Promise<Results> {
  const found = peers.map(findPeer);
  const absent = found.filter((peer): peer is Absent => 'reason' in peer);
  for (const { name, reason } of absent) say(`${name} is left out: ${reason}.`);
  say(`Setting up Perch with ${RULES} rules ...`);
  const perch = await PerchKind.prepare({ name: 'perch', root, rules: RULES });
  const kinds = [perch, ...found.filter((peer): peer is BrokerKind => 'start' in peer)];
  const results = newResults(kinds, { absent, duration, rounds });
  try {
    await runRounds({ kinds, scenarios, results, say });
  } finally {
    for (const kind of kinds) await kind.dispose();
    writeResults(json ?? join(root, '.perch/bench/results.json'), results);
  }
  return results;
}

function findPeer(name: string): BrokerKind | Absent {
  if (name === 'mosquitto') return findMosquitto();
  if (name === 'aedes') return aedes();
  return { name, reason: 'nobody knows how to start it' };
}

function describe({ machine, brokers, rounds, duration, startedAt }: Results): string {
  const { cpu, cores, memoryGiB, system, node, pinning } = machine;
  return [
    `${startedAt}: ${rounds} rounds of ${duration.measureS} s after ${duration.warmUpS} s, medians; ratios are medians of rounds.`,
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}; ${pinning}.`,
    brokers.map(({ name, version }) => `${name} ${version}`).join(', '),
  ].join('\n');
}

/** Perch has kept every promise in every run. Of the others the remarks tell. */
function isSound({ runs, brokers }: Results): boolean {
  return runs.every(({ broker, outcome }) => broker !== brokers[0]?.name || faults(outcome).length === 0);
}

function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  say(`The results are in ${file}.`);
}

function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}
