import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Absent, BrokerKind } from './brokers/broker.js';
import type { Outcome } from './generator/job.js';
import { pinningNote } from './pinning.js';
import type { Duration } from './run-scenario.js';
import { median, type Rounds } from './statistics.js';
import type { FigureName } from './figures.js';

/** One scenario on one broker, once. */
export interface Run {
  readonly scenario: string;
  readonly broker: string;
  readonly round: number;
  readonly outcome: Outcome;
}

/** All that a benchmark has found; what is written as JSON. */
export interface Results {
  readonly startedAt: string;
  readonly machine: Machine;
  readonly brokers: readonly { readonly name: string; readonly version: string }[];
  readonly absent: readonly Absent[];
  readonly duration: Duration;
  readonly rounds: number;
  readonly runs: Run[];
}

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly pinning: string;
}

/** Results without runs yet. */
export function newResults(
  kinds: readonly BrokerKind[],
  more: Pick<Results, 'absent' | 'duration' | 'rounds'>,
): Results {
  const brokers = kinds.map(({ name, version }) => ({ name, version }));
  return { startedAt: new Date().toISOString(), machine: thisMachine(), brokers, ...more, runs: [] };
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    pinning: pinningNote,
  };
}

/** One sentence on how it was measured. */
export function describeMethod({ rounds, duration, brokers, startedAt }: Results): string {
  const versions = brokers.map(({ name, version }) => `${name} ${version}`).join(', ');
  const times = `${rounds} round${rounds === 1 ? '' : 's'} of ${duration.measureS} s after ${duration.warmUpS} s of warming up`;
  return `Measured on ${startedAt.slice(0, 10)} with ${versions}: medians of ${times}.`;
}

/** One sentence on where. */
export function describeMachine({ machine }: Pick<Results, 'machine'>): string {
  const { cpu, cores, memoryGiB, system, node, pinning } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}; ${pinning}.`;
}

/** The figure in each round; rounds whose run proves nothing have NaN. */
export function roundsOf(results: Results, scenario: string, broker: string): (figure: FigureName) => Rounds {
  const runs = results.runs.filter((run) => run.scenario === scenario && run.broker === broker);
  return (figure) =>
    Array.from({ length: results.rounds }, (_, round) => {
      const outcome = runs.find((run) => run.round === round)?.outcome;
      return outcome && outcome.problem === null ? (outcome.figures[figure] ?? NaN) : NaN;
    });
}

/** Whether the load generator had no time left while the broker had: then a rate is the generator's. */
export function isBoundByGenerator(results: Results, scenario: string, broker: string): boolean {
  const loads = results.runs.filter((run) => run.scenario === scenario && run.broker === broker);
  const load = (name: string) => median(loads.map(({ outcome }) => outcome.figures[name] ?? NaN));
  return load('brokerLoad') < 0.9 && load('generatorLoad') > 0.9;
}

/**
 * What was not as promised, in words; empty when all was. At QoS 0 a message may be lost, and that is told elsewhere;
 * nothing may come twice, in another order, or to somebody else.
 */
export function faults({ problem, mayLose, counts }: Outcome): string[] {
  const found: (string | null)[] = [
    problem,
    !mayLose && counts.lost > 0 ? `${counts.lost} lost` : null,
    counts.repeated > 0 ? `${counts.repeated} repeated` : null,
    counts.disordered > 0 ? `${counts.disordered} in the wrong order` : null,
    counts.misdirected > 0 ? `${counts.misdirected} to somebody else` : null,
  ];
  return found.filter((fault) => fault !== null);
}

/** Whether neither the broker nor the load generator had a core to itself, though both worked as fast as they could. */
export function isDisturbed({ figures }: Outcome): boolean {
  const { brokerLoad = 1, generatorLoad = 1, isClosedLoop = 0 } = figures;
  return isClosedLoop === 1 && brokerLoad < 0.8 && generatorLoad < 0.8;
}

/** The first broker has kept every promise in every run; of the others the remarks tell. */
export function isSound({ runs, brokers }: Results): boolean {
  return runs.every(({ broker, outcome }) => broker !== brokers[0]?.name || faults(outcome).length === 0);
}
