import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { BrokerKind } from './brokers/broker.js';
import type { Counts, Job, Outcome } from './generator/job.js';
import { pinned } from './pinning.js';
import type { Scenario } from './scenarios.js';

const generator = join(import.meta.dirname, 'generator/main.js');
const TIMEOUT_MS = 180_000;

/** How long each run warms up and measures. */
export interface Duration {
  readonly warmUpS: number;
  readonly measureS: number;
}

/** Why the broker does not run the scenario, or null when it does. */
export function notFor(kind: BrokerKind, scenario: Scenario): string | null {
  if (scenario.needsDurability && !kind.isDurable) return 'keeps no sessions that survive a crash';
  return scenario.version === 5 && !kind.speaksMqtt5 ? 'does not speak MQTT 5' : null;
}

/** Runs the scenario once, on a broker that is started for it and ended after it. */
export async function runScenario(kind: BrokerKind, scenario: Scenario, duration: Duration): Promise<Outcome> {
  const broker = await kind.start();
  try {
    const { port, path } = (scenario.isWebSocket ? broker.webSocket : null) ?? { port: broker.port, path: null };
    const { username, password, pid } = broker;
    const job = scenario.job({ target: { host: '127.0.0.1', port, path, username, password }, pid, ...duration });
    const outcome = await generate(job);
    if (scenario.followUp === null || outcome.problem !== null) return outcome;
    return combined(outcome, await generate(scenario.followUp(job)));
  } finally {
    await broker.stop();
  }
}

/** The load generator is a process of its own on a core of its own. */
async function generate(job: Job): Promise<Outcome> {
  const [program = '', ...args] = pinned('load', [process.execPath, generator]);
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(JSON.stringify(job));
  const output = await text(child.stdout);
  if (output === '') throw new Error('The load generator has ended without an outcome.');
  return JSON.parse(output) as Outcome;
}

/** Of the second part only the latency of acknowledgements matters, and that nothing went wrong. */
function combined(first: Outcome, second: Outcome): Outcome {
  const { ackP99Us = NaN, generatorLoad = NaN } = second.figures;
  return {
    ...first,
    problem: second.problem,
    counts: sum(first.counts, second.counts),
    figures: { ...first.figures, steadyAckP99Us: ackP99Us, steadyGeneratorLoad: generatorLoad },
  };
}

function sum(one: Counts, other: Counts): Counts {
  return {
    sent: one.sent + other.sent,
    acknowledged: one.acknowledged + other.acknowledged,
    expected: one.expected + other.expected,
    delivered: one.delivered + other.delivered,
    lost: one.lost + other.lost,
    repeated: one.repeated + other.repeated,
    disordered: one.disordered + other.disordered,
    misdirected: one.misdirected + other.misdirected,
  };
}
