import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { benchRules, benchUser } from './brokers/rules.js';
import { formatNumber } from './figures.js';
import { pinned } from './pinning.js';
import type { Table } from './report.js';
import { median } from './statistics.js';

/** How many rules the policies have whose judging is measured by itself. */
export const policySteps = [10, 1000, 10_000];

/** What judging by a policy of so many rules costs. */
export interface PolicyCost {
  readonly rules: number;
  /** A change of the policy: made ready for judging, and the first judgement by it. */
  readonly compileUs: number;
  /** A client that connects: its grants. */
  readonly grantsUs: number;
  /** The first time that a client asks for a topic. */
  readonly firstCheckUs: number;
  /** Any further time. */
  readonly cachedCheckUs: number;
}

/** Judges by the policy library of a built checkout, in a process of its own. */
export function measurePolicies(root: string, rounds: number): PolicyCost[] {
  return policySteps.map((rules) => {
    const [program = '', ...args] = pinned('broker', [process.execPath, import.meta.filename, root, `${rules}`]);
    const runs = Array.from({ length: rounds }, () => {
      const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`The policy could not be measured: ${stderr}`);
      return JSON.parse(stdout) as PolicyCost;
    });
    const middle = (cost: keyof PolicyCost) => median(runs.map((run) => run[cost]));
    return {
      rules,
      compileUs: middle('compileUs'),
      grantsUs: middle('grantsUs'),
      firstCheckUs: middle('firstCheckUs'),
      cachedCheckUs: middle('cachedCheckUs'),
    };
  });
}

/** For a terminal or a document. */
export function policyTable(costs: readonly PolicyCost[]): Table {
  const head = ['CPU µs', ...costs.map(({ rules }) => `${rules.toLocaleString('en-US')} rules`)];
  const row = (title: string, cost: keyof PolicyCost) => [title, ...costs.map((each) => formatNumber(each[cost]))];
  return [
    head,
    row('a change of the policy, until it judges', 'compileUs'),
    row('grants of a client that connects', 'grantsUs'),
    row('first check of a topic by a client', 'firstCheckUs'),
    row('any further check of it', 'cachedCheckUs'),
  ];
}

/** As much of the policy library as is measured here; it belongs to the checkout, not to us. */
interface PolicyLibrary {
  compilePolicy(policy: unknown): {
    grantsFor(identity: unknown, nowMs: number): { publish(topic: string): { allowed: boolean } };
  };
}

const CLIENTS = 20_000;
const CHECKS = 2_000_000;

async function judge(root: string, count: number): Promise<PolicyCost> {
  const library = (await import(pathToFileURL(join(root, 'libs/policy/dist/index.js')).href)) as PolicyLibrary;
  const rules = benchRules(count).map((rule, index) => ({
    ...{ id: `r${index}`, enabled: true, mode: 'enforce', validUntil: null, note: '' },
    ...rule,
  }));
  const policy = { rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } };
  const identity = (n: number) => ({ clientId: `client-${n}`, username: benchUser.username, address: '127.0.0.1' });
  const identities = Array.from({ length: CLIENTS }, (_, n) => identity(n));
  const topics = identities.map((_, n) => `bench/${n}/value`);
  const mayAll = (allowed: boolean) => {
    if (!allowed) throw new Error('The rules of the bench do not allow its topics.');
  };
  const compile = () => {
    const compiled = library.compilePolicy(policy);
    mayAll(compiled.grantsFor(identity(0), 0).publish('bench/first').allowed);
    return compiled;
  };
  for (let n = 0; n < 5; n++) compile(); // as warm as a server is
  const compileUs = timed(10, compile);
  const compiled = compile();
  const grantsUs = timed(CLIENTS, (n) => compiled.grantsFor(identities[n], 0));
  const grants = identities.map((each) => compiled.grantsFor(each, 0));
  const firstCheckUs = timed(CLIENTS, (n) => mayAll(grants[n]!.publish(topics[n]!).allowed));
  const cachedCheckUs = timed(CHECKS, (n) => mayAll(grants[n % 64]!.publish(topics[n % 64]!).allowed));
  return { rules: count, compileUs, grantsUs, firstCheckUs, cachedCheckUs };
}

/** The mean CPU time of one of so many calls, in µs. */
function timed(count: number, call: (n: number) => unknown): number {
  const start = process.cpuUsage();
  for (let n = 0; n < count; n++) call(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

if (process.argv[1] === import.meta.filename) {
  const [root = '', rules] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await judge(root, Number(rules))));
}
