import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aedes } from './brokers/aedes.js';
import type { Absent, BrokerKind } from './brokers/broker.js';
import { findMosquitto } from './brokers/mosquitto.js';
import { findNats } from './brokers/nats.js';
import { PerchKind } from './brokers/perch.js';
import { checkOut } from './checkout.js';
import { writePlots, writePolicyTables, writeTables } from './docs.js';
import { measureGrowth, RULES, type GrowthResults } from './growth.js';
import { readOptions, usage, type BenchOptions } from './options.js';
import { measurePolicies, policyTable } from './policy-costs.js';
import { asText, cpuTable, otherTable, remarks } from './report.js';
import { describeMachine, describeMethod, isSound, newResults, thisMachine, type Results } from './results.js';
import { runRounds } from './run-rounds.js';
import { scenarios } from './scenarios.js';

const root = join(import.meta.dirname, '../../../..');
const say = (line: string) => void process.stdout.write(`${line}\n`);

// Whatever runs is ended when this ends, and a signal ends it like anything else.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = given(process.argv.slice(2));
try {
  if (options.isGrowth) await growth(options);
  else if (options.isPolicy) await policy(options);
  else await comparison(options);
} catch (error) {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** Perch beside other brokers, or beside another Perch. */
async function comparison(options: BenchOptions): Promise<void> {
  const results = options.from === null ? await measure(options) : readJson<Results>(options.from);
  say(`\n${describeMethod(results)}\n${describeMachine(results)}\n`);
  for (const table of [cpuTable, otherTable]) say(`${asText(table(results, scenarios))}\n`);
  for (const remark of remarks(results)) say(remark);
  if (options.writesDocs) writeTables(root, results, scenarios);
  if (!isSound(results)) process.exitCode = 1;
}

async function measure({ peers, compareWith, rounds, duration, scenarios, json }: BenchOptions): Promise<Results> {
  const found = peers.map(findPeer);
  const absent = found.filter((peer): peer is Absent => 'reason' in peer);
  const kinds: BrokerKind[] = [];
  let checkout = null;
  try {
    say(`Setting up Perch with ${RULES} rules ...`);
    kinds.push(await PerchKind.prepare({ name: 'perch', root, rules: RULES }));
    if (compareWith !== null) {
      say(`Building ${compareWith} ...`);
      checkout = await checkOut(root, compareWith);
      kinds.push(await PerchKind.prepare({ name: compareWith, root: checkout.root, rules: RULES }));
    }
    kinds.push(...found.filter((peer): peer is BrokerKind => 'start' in peer));
    const results = newResults(kinds, { absent, duration, rounds });
    for (const remark of remarks(results)) say(remark);
    await runRounds({ kinds, scenarios, results, say });
    writeJson(json ?? join(root, '.perch/bench/results.json'), results);
    return results;
  } finally {
    for (const kind of kinds) await kind.dispose();
    checkout?.remove();
  }
}

/** Judging by itself, then a load under many rules beside the same load under the one that allows it. */
async function policy({ rounds, duration, scenarios, writesDocs }: BenchOptions): Promise<void> {
  const costs = policyTable(measurePolicies(root, rounds));
  say(`${describeMachine({ machine: thisMachine() })}\n\n${asText(costs)}\n`);
  const kinds: PerchKind[] = [];
  try {
    kinds.push(await PerchKind.prepare({ name: `${RULES} rules`, root, rules: RULES }));
    kinds.push(await PerchKind.prepare({ name: 'the one rule', root, rules: 1 }));
    const results = newResults(kinds, { absent: [], duration, rounds });
    await runRounds({ kinds, scenarios, results, say });
    say(`\n${asText(cpuTable(results, scenarios))}`);
    if (writesDocs) writePolicyTables(root, costs, { results, scenarios });
    if (!isSound(results)) process.exitCode = 1;
  } finally {
    for (const kind of kinds) await kind.dispose();
  }
}

async function growth({ from, json, axes, peers, rounds, duration, writesDocs }: BenchOptions): Promise<void> {
  const results = from === null ? await measureAll() : readJson<GrowthResults>(from);
  if (writesDocs) writePlots(root, results);

  async function measureAll(): Promise<GrowthResults> {
    const points = await measureGrowth({
      axes,
      perchWith: (rules) => PerchKind.prepare({ name: 'perch', root, rules }),
      peers: peers.map(findPeer).filter((peer): peer is BrokerKind => 'start' in peer),
      rounds,
      duration,
      say,
    });
    const results = { startedAt: new Date().toISOString(), machine: thisMachine(), rounds, points };
    writeJson(json ?? join(root, '.perch/bench/growth.json'), results);
    return results;
  }
}

function findPeer(name: string): BrokerKind | Absent {
  if (name === 'mosquitto') return findMosquitto();
  if (name === 'aedes') return aedes();
  if (name === 'nats') return findNats();
  return { name, reason: 'nobody knows how to start it' };
}

function given(args: readonly string[]): BenchOptions {
  if (args.includes('--help')) {
    say(usage);
    return process.exit(0);
  }
  try {
    return readOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
  say(`The results are in ${file}.`);
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
