import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { axes, type Axis } from './growth.js';
import type { Duration } from './run-scenario.js';
import { scenarios, type Scenario } from './scenarios.js';

/** What the command line asks for. */
export interface BenchOptions {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly duration: Duration;
  readonly peers: readonly string[];
  /** Where results go, or come from. */
  readonly json: string | null;
  readonly from: string | null;
  readonly isGrowth: boolean;
  /** What judging costs, and Perch with many rules beside Perch with one. */
  readonly isPolicy: boolean;
  readonly axes: readonly Axis[];
  /** Another revision to compare the working tree with, or null. */
  readonly compareWith: string | null;
  readonly writesDocs: boolean;
}

const QUICK = { scenarios: 'a,b,c,d,e,d1,f0', rounds: 1, seconds: 1, peers: 'mosquitto,aedes' };
const POLICY_SCENARIOS = 'a';
const PEERS = 'mosquitto,aedes,nats';
const ROUNDS = 5;
const SECONDS = 4;
const WARM_UP_S = 1.5;
const QUICK_WARM_UP_S = 1;

export const usage = `npm run bench -- [flags]
npm run bench:compare <branch or commit> -- [flags]
  --scenarios a,b,...   which (${scenarios.map(({ name }) => name).join(',')})
  --rounds N            how often each (${ROUNDS})
  --seconds S           how long each measures (${SECONDS})
  --peers a,b           which other brokers (${PEERS}; none for none; none when comparing)
  --json FILE           where the results go (.perch/bench/results.json)
  --quick               a few scenarios once, under two minutes
  --growth              how cost grows instead, by ${axes.map(({ name }) => name).join(', ')} (or --scenarios of these)
  --policy              what access rules cost instead, by themselves and per message (${POLICY_SCENARIOS}, or --scenarios)
  --write-docs          writes the tables or the plots to docs/performance.md
  --from FILE           takes the results of an earlier run in place of a new one`;

/** Reads the command line; throws what is wrong with it, in words. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenarios: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      peers: { type: 'string' },
      json: { type: 'string' },
      from: { type: 'string' },
      compare: { type: 'string' },
      quick: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      policy: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const { quick, policy } = values;
  const usual = quick ? QUICK.scenarios : policy ? POLICY_SCENARIOS : undefined;
  return {
    scenarios: values.growth ? [] : chosen(scenarios, values.scenarios ?? usual),
    axes: values.growth ? chosen(axes, values.scenarios) : [],
    rounds: Math.ceil(positive('rounds', values.rounds, quick ? QUICK.rounds : ROUNDS)),
    duration: {
      warmUpS: quick ? QUICK_WARM_UP_S : WARM_UP_S,
      measureS: positive('seconds', values.seconds, quick ? QUICK.seconds : SECONDS),
    },
    peers: (values.peers ?? usualPeers(values)).split(',').filter((name) => name !== 'none'),
    json: values.json === undefined ? null : resolve(values.json),
    from: values.from === undefined ? null : resolve(values.from),
    isGrowth: values.growth,
    isPolicy: policy,
    compareWith: values.compare ?? null,
    writesDocs: values['write-docs'],
  };
}

function usualPeers({ compare, quick }: { readonly compare?: string | undefined; readonly quick: boolean }): string {
  if (compare !== undefined) return 'none';
  return quick ? QUICK.peers : PEERS;
}

/** Those of the names, in the order of all; all without names. */
function chosen<T extends { readonly name: string }>(all: readonly T[], names: string | undefined): readonly T[] {
  const wanted = names?.split(',') ?? all.map(({ name }) => name);
  const unknown = wanted.filter((name) => !all.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.\n${usage}`);
  return all.filter(({ name }) => wanted.includes(name));
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} has to be a number above 0.`);
  return value;
}
