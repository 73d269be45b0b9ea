import type { FigureName } from './figures.js';
import type { ConnectJob, FlowJob, Job, RetainJob, Target } from './generator/job.js';

/** How long to measure, on which broker. */
export interface Setting {
  readonly target: Omit<Target, 'version'>;
  readonly pid: number;
  readonly warmUpS: number;
  readonly measureS: number;
}

/** One load on a broker. */
export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** What tells something beside the CPU time per delivery: names of figures of the outcome. */
  readonly figures: readonly FigureName[];
  readonly isWebSocket: boolean;
  readonly version: 4 | 5;
  /** Only brokers whose sessions survive a crash can run it. */
  readonly needsDurability: boolean;
  readonly job: (setting: Setting) => Job;
  /** What is done after that on the same broker. */
  readonly followUp: ((job: Job) => Job) | null;
}

/** A scenario of flowing messages, told by how it differs from one publisher, one subscriber, QoS 0, 16 bytes. */
interface FlowScenario extends Partial<Omit<Scenario, 'job'>> {
  readonly name: string;
  readonly what: string;
  readonly flow: Partial<FlowJob>;
}

/** The flow that all others vary. */
export const plainFlow = {
  kind: 'flow',
  layout: 'shared',
  publishers: 1,
  subscribers: 1,
  stopped: 0,
  idle: 0,
  filtersEach: 0,
  hotTopics: 0,
  qos: 0,
  payloadBytes: 16,
  window: 32,
  inFlight: 2000,
  batch: 32,
  ratePerS: null,
  isBusy: false,
  isDurable: false,
  isAway: false,
  hasProperties: false,
} as const satisfies Partial<FlowJob>;

/** Long enough for the kernel's buffers to fill, so that the broker has to decide what becomes of the rest. */
const STOPPED_S = 15;

const fanOut: Partial<FlowJob> = { subscribers: 1000, payloadBytes: 64, inFlight: 20_000, batch: 4 };
const pairs: Partial<FlowJob> = {
  layout: 'pairs',
  publishers: 50,
  subscribers: 50,
  qos: 1,
  payloadBytes: 64,
  inFlight: 1600,
};
const latency: Partial<FlowJob> = { ...pairs, publishers: 20, subscribers: 20, ratePerS: 5000, isBusy: true };
const filters: Partial<FlowJob> = {
  layout: 'filters',
  publishers: 10,
  subscribers: 1000,
  filtersEach: 100,
  inFlight: 1000,
};
const stopping: Partial<FlowJob> = { subscribers: 200, stopped: 10, payloadBytes: 16_384, ratePerS: 60 };
const durable: Partial<FlowJob> = { ...pairs, window: 100, inFlight: 5000, batch: 1, isDurable: true };

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  flowing({ name: 'a', what: '1 to 1, QoS 0, 16 B', flow: {} }),
  flowing({ name: 'b', what: '1 to 1,000, QoS 0, 64 B', flow: fanOut }),
  flowing({ name: 'br', what: '1 to 1,000 at 40 msg/s: no write can be shared', flow: { ...fanOut, ratePerS: 40 } }),
  flowing({ name: 'c', what: '100 to 1, QoS 0, 16 B', flow: { layout: 'each', publishers: 100, batch: 1 } }),
  flowing({
    name: 'd',
    what: '50 pairs, QoS 1, window 32',
    figures: ['deliveriesPerS', 'longestGapUs'],
    flow: pairs,
  }),
  flowing({ name: 'd1', what: '50 pairs, QoS 1, window 1', flow: { ...pairs, window: 1 } }),
  flowing({ name: 'e', what: '50 pairs, QoS 2, window 32', flow: { ...pairs, qos: 2 } }),
  flowing({
    name: 'f0',
    what: '20 pairs at 5,000 msg/s, QoS 0',
    figures: ['deliveryP99Us'],
    flow: { ...latency, qos: 0 },
  }),
  flowing({ name: 'f1', what: '20 pairs at 5,000 msg/s, QoS 1', figures: ['deliveryP99Us'], flow: latency }),
  connecting({ name: 'g', what: '10,000 connects, then idle', connections: 10_000 }),
  flowing({
    name: 'h',
    what: '100,000 `+` filters on 1,000 clients',
    figures: ['deliveriesPerS', 'filtersPerS', 'filterBytes'],
    flow: filters,
  }),
  flowing({ name: 'hh', what: 'the same, 1,000 hot topics', flow: { ...filters, hotTopics: 1000 } }),
  retaining({ name: 'i', what: '100,000 retained, then `#`', messages: 100_000 }),
  flowing({
    name: 'j',
    what: '1 to 200 of which 10 stop reading, 16 KiB, 60 msg/s',
    figures: ['rssGrowthBytes'],
    flow: { ...stopping, warmUpS: 0, measureS: STOPPED_S },
  }),
  flowing({
    name: 'k',
    what: '50 pairs, QoS 1, durable sessions',
    figures: ['acksPerS', 'steadyAckP99Us'],
    needsDurability: true,
    flow: durable,
    followUp: atSteadyRate,
  }),
  flowing({
    name: 'ka',
    what: 'the same, subscribers away: each message has to be committed',
    figures: ['acksPerS', 'steadyAckP99Us'],
    needsDurability: true,
    flow: { ...durable, isAway: true },
    followUp: atSteadyRate,
  }),
  flowing({ name: 'aw', what: 'a over WebSocket', isWebSocket: true, flow: {} }),
  flowing({ name: 'dw', what: 'd over WebSocket', isWebSocket: true, flow: pairs }),
  connecting({ name: 'gw', what: 'g over WebSocket', connections: 10_000, isWebSocket: true }),
  flowing({ name: 'a5', what: 'a in MQTT 5', version: 5, flow: {} }),
  flowing({ name: 'd5', what: 'd in MQTT 5', version: 5, flow: pairs }),
  flowing({ name: 'a5p', what: 'a in MQTT 5, properties and topic alias', version: 5, flow: { hasProperties: true } }),
];

/** A scenario in which messages flow. */
export function flowing({ flow, version = 4, ...more }: FlowScenario): Scenario {
  return {
    figures: ['deliveriesPerS'],
    isWebSocket: false,
    needsDurability: false,
    followUp: null,
    version,
    ...more,
    job: ({ target, ...setting }) => ({ ...plainFlow, ...setting, target: { ...target, version }, ...flow }),
  };
}

function connecting({ connections, ...more }: Omit<FlowScenario, 'flow'> & { connections: number }): Scenario {
  const job = ({ target, pid }: Setting): ConnectJob => {
    return { kind: 'connect', target: { ...target, version: 4 }, pid, connections, idleS: 3 };
  };
  return { ...flowing({ figures: ['connectsPerS', 'linkBytes'], ...more, flow: {} }), job };
}

function retaining({ name, what, messages }: { name: string; what: string; messages: number }): Scenario {
  const job = ({ target, pid }: Setting): RetainJob => ({
    kind: 'retain',
    target: { ...target, version: 4 },
    pid,
    messages,
    publishers: 4,
    window: 100,
    payloadBytes: 16,
  });
  return { ...flowing({ name, what, figures: ['deliveriesPerS', 'retainedPerS', 'retainedBytes'], flow: {} }), job };
}

/** The same at 10,000 messages a second, below what is reached: how long does an acknowledgement take? */
function atSteadyRate(job: Job): Job {
  return { ...(job as FlowJob), ratePerS: 10_000 };
}
