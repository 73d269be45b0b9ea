import type { BrokerKind } from './brokers/broker.js';
import type { Outcome } from './generator/job.js';
import { formatFigure } from './figures.js';
import { faults, type Results } from './results.js';
import { notFor, runScenario } from './run-scenario.js';
import type { Scenario } from './scenarios.js';

/** What to run and where to keep what comes of it. */
export interface Programme {
  readonly kinds: readonly BrokerKind[];
  readonly scenarios: readonly Scenario[];
  readonly results: Results;
  /** Is told of each run. */
  readonly say: (line: string) => void;
}

/** All rounds of all scenarios; brokers take turns within a round, the other way round in every second one. */
export async function runRounds({ kinds, scenarios, results, say }: Programme): Promise<void> {
  const { rounds, duration, runs } = results;
  for (const scenario of scenarios) {
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? kinds : kinds.toReversed();
      for (const kind of order) {
        const reason = notFor(kind, scenario);
        if (reason !== null) {
          if (round === 0) say(`${scenario.name.padEnd(4)} ${kind.name}: left out, it ${reason}`);
          continue;
        }
        const outcome = await runScenario(kind, scenario, duration);
        runs.push({ scenario: scenario.name, broker: kind.name, round, outcome });
        say(
          `${scenario.name.padEnd(4)} round ${round + 1}/${rounds} ${kind.name.padEnd(10)} ${inShort(scenario, outcome)}`,
        );
      }
    }
  }
}

function inShort(scenario: Scenario, outcome: Outcome): string {
  const { figures, counts } = outcome;
  const percent = (name: string) => `${Math.round((figures[name] ?? 0) * 100)} %`;
  const main = scenario.figures.map((name) => `${name} ${formatFigure(name, figures[name] ?? NaN)}`);
  const wrong = [...faults(outcome), ...(outcome.mayLose && counts.lost > 0 ? [`${counts.lost} lost`] : [])];
  const loads = `broker ${percent('brokerLoad')}, generator ${percent('generatorLoad')}`;
  return [`${formatFigure('cpuUs', figures['cpuUs'] ?? NaN)} µs`, ...main, loads, ...wrong].join('  ');
}
