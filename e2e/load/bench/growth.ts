import type { BrokerKind } from './brokers/broker.js';
import type { PerchKind } from './brokers/perch.js';
import type { FlowJob } from './generator/job.js';
import { formatFigure } from './figures.js';
import { faults, type Machine } from './results.js';
import { runScenario, type Duration } from './run-scenario.js';
import { flowing, type Scenario } from './scenarios.js';
import { median } from './statistics.js';

/** What grows, step by step, and the cost at each step. */
export interface Axis {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly steps: readonly number[];
  readonly flow: (step: number) => Partial<FlowJob>;
}

/** The cost by broker at one step. */
export interface GrowthPoint {
  readonly axis: string;
  readonly step: number;
  /** Median of the rounds, in CPU µs per delivery. */
  readonly cpuUs: Readonly<Record<string, number>>;
}

const manyTopics: Partial<FlowJob> = { layout: 'filters', publishers: 10, subscribers: 1000, inFlight: 1000 };
/** What may be under way, so that large payloads do not fill queues. */
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

/** All points; what is written as JSON. */
export interface GrowthResults {
  readonly startedAt: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly points: readonly GrowthPoint[];
}

/** How many rules there are while other things grow. */
export const RULES = 1000;

export const axes: readonly Axis[] = [
  {
    name: 'connections',
    title: 'Cost by connections: pairs of clients, QoS 1, 64 B',
    label: 'connections',
    steps: [2, 20, 200, 2000],
    flow: (count) => ({ layout: 'pairs', publishers: count / 2, subscribers: count / 2, qos: 1, payloadBytes: 64 }),
  },
  {
    name: 'filters',
    title: 'Cost by filters: 1,000 clients, 1,000 hot topics, QoS 0',
    label: 'filters with a + in them',
    steps: [1000, 10_000, 100_000, 300_000],
    flow: (count) => ({ ...manyTopics, filtersEach: count / 1000, hotTopics: 1000 }),
  },
  {
    name: 'rules',
    title: 'Cost by access rules: 100,000 filters and topics, QoS 0',
    label: 'access rules',
    steps: [10, 100, 1000, 5000],
    flow: () => ({ ...manyTopics, filtersEach: 100 }),
  },
  {
    name: 'payload',
    title: 'Cost by payload: 1 to 1, QoS 0',
    label: 'bytes of payload',
    steps: [16, 256, 4096, 65_536],
    flow: (bytes) => {
      const inFlight = Math.min(2000, Math.floor(IN_FLIGHT_BYTES / bytes));
      return { payloadBytes: bytes, inFlight, batch: Math.min(32, inFlight / 4) };
    },
  },
  {
    name: 'fan-out',
    title: 'Cost by fan-out: 1 to many, QoS 0, 64 B',
    label: 'subscribers of the one topic',
    steps: [1, 10, 100, 1000, 5000],
    flow: (subscribers) => ({ subscribers, payloadBytes: 64, inFlight: Math.max(2000, 20 * subscribers), batch: 4 }),
  },
];

/** What growth is measured with. */
export interface GrowthRun {
  readonly axes: readonly Axis[];
  /** Perch with so many rules. */
  readonly perchWith: (rules: number) => Promise<PerchKind>;
  readonly peers: readonly BrokerKind[];
  readonly rounds: number;
  readonly duration: Duration;
  readonly say: (line: string) => void;
}

/** Every step of every axis, brokers in turns. */
export async function measureGrowth(run: GrowthRun): Promise<GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  const usual = await run.perchWith(RULES);
  try {
    for (const axis of run.axes) {
      for (const step of axis.steps) points.push(await measureStep(run, axis, { step, usual }));
    }
  } finally {
    await usual.dispose();
  }
  return points;
}

async function measureStep(
  run: GrowthRun,
  axis: Axis,
  { step, usual }: { step: number; usual: PerchKind },
): Promise<GrowthPoint> {
  const isRules = axis.name === 'rules';
  const perch = isRules ? await run.perchWith(step) : usual;
  // Others have no rules here: their cost at one number of rules is their cost at any.
  const kinds = isRules ? [perch] : [perch, ...run.peers];
  const scenario = flowing({ name: axis.name, what: axis.title, flow: axis.flow(step) });
  const values = new Map<string, number[]>(kinds.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < run.rounds; round++) {
      for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
        values.get(kind.name)?.push(await costOf(run, kind, scenario));
      }
    }
  } finally {
    if (isRules) await perch.dispose();
  }
  const cpuUs = Object.fromEntries([...values].map(([name, costs]) => [name, median(costs)]));
  const inWords = Object.entries(cpuUs).map(([name, cost]) => `${name} ${formatFigure('cpuUs', cost)} µs`);
  run.say(`${axis.name.padEnd(12)} ${String(step).padStart(7)}  ${inWords.join('  ')}`);
  return { axis: axis.name, step, cpuUs };
}

async function costOf(run: GrowthRun, kind: BrokerKind, scenario: Scenario): Promise<number> {
  const outcome = await runScenario(kind, scenario, run.duration);
  for (const fault of faults(outcome)) run.say(`${scenario.name} ${kind.name}: ${fault}`);
  return outcome.problem === null ? (outcome.figures['cpuUs'] ?? NaN) : NaN;
}
