import { parseArgs } from 'node:util';
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
  readonly writesDocs: boolean;
}

const QUICK = { scenarios: 'a,b,c,d,e,d1,f0', rounds: 1, seconds: 1.5 };
const ROUNDS = 5;
const SECONDS = 4;
const WARM_UP_S = 1.5;
const QUICK_WARM_UP_S = 1;

const usage = `npm run bench -- [flags]
  --scenarios a,b,...   which (${scenarios.map(({ name }) => name).join(',')})
  --rounds N            how often each (${ROUNDS})
  --seconds S           how long each measures (${SECONDS})
  --peers a,b           which other brokers (mosquitto,aedes; none for none)
  --json FILE           where the results go (.perch/bench/results.json)
  --quick               a few scenarios once, under two minutes
  --growth              how cost grows instead: connections, filters, rules, payload, fan-out
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
      peers: { type: 'string', default: 'mosquitto,aedes' },
      json: { type: 'string' },
      from: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const { quick } = values;
  return {
    scenarios: chosen(values.scenarios ?? (quick ? QUICK.scenarios : null)),
    rounds: Math.ceil(positive('rounds', values.rounds, quick ? QUICK.rounds : ROUNDS)),
    duration: {
      warmUpS: quick ? QUICK_WARM_UP_S : WARM_UP_S,
      measureS: positive('seconds', values.seconds, quick ? QUICK.seconds : SECONDS),
    },
    peers: values.peers.split(',').filter((name) => name !== '' && name !== 'none'),
    json: values.json ?? null,
    from: values.from ?? null,
    isGrowth: values.growth,
    writesDocs: values['write-docs'],
  };
}

function chosen(names: string | null): readonly Scenario[] {
  if (names === null) return scenarios;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}.\n${usage}`);
  return scenarios.filter(({ name }) => wanted.includes(name));
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} has to be a number above 0.`);
  return value;
}
