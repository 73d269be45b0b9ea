import fc from 'fast-check';
import type { Qos } from '../../message.js';

const clientIds: fc.Arbitrary<string> = fc.constantFrom('a', 'a', 'b');
/** What is published here goes to one of those who share it, and to nobody else: `#` does not reach it. */
export const SHARED_TOPIC = '$s/a';
export const SHARED_FILTER = '$share/g/$s/+';
const topics = fc.constantFrom('t/a', 't/b', 'x', SHARED_TOPIC);
const filters = fc.constantFrom('t/+', 't/a', 'x', '#', 't/#', SHARED_FILTER, SHARED_FILTER);
const qosLevels = fc.constantFrom<Qos>(0, 1, 2);
/** Time passes in steps of ten seconds and everything that is due is due in between, so that no test depends on a tie. */
export const STEP_SECONDS = 10;
const lifetimes = fc.constantFrom(5, 15, 25);
const expiries = fc.oneof(fc.constant(0), lifetimes, fc.constant(0xffff_ffff));

const will = fc.record({ topic: topics, qos: qosLevels, delay: fc.oneof(fc.constant(0), lifetimes) });

/** What can happen, one record each. */
const steps = {
  connect: fc.record({
    kind: fc.constant('connect' as const),
    id: clientIds,
    version: fc.constantFrom<4 | 5>(4, 5, 5),
    clean: fc.constantFrom(true, false, false),
    expiry: expiries,
    receiveMaximum: fc.constantFrom(undefined, undefined, 1, 2),
    topicAliasMaximum: fc.constantFrom(undefined, 1, 2),
    will: fc.option(will, { nil: null, freq: 2 }),
  }),
  subscribe: fc.record({
    kind: fc.constant('subscribe' as const),
    id: clientIds,
    filter: filters,
    qos: qosLevels,
    identifier: fc.constantFrom(undefined, 1, 2),
  }),
  unsubscribe: fc.record({ kind: fc.constant('unsubscribe' as const), id: clientIds, filter: filters }),
  publish: fc.record({
    kind: fc.constant('publish' as const),
    topic: topics,
    qos: qosLevels,
    lifetime: fc.option(lifetimes, { nil: null, freq: 3 }),
  }),
  ack: fc.record({ kind: fc.constant('ack' as const), id: clientIds, which: fc.nat({ max: 5 }) }),
  ackAll: fc.record({ kind: fc.constant('ackAll' as const), id: clientIds }),
  refuse: fc.record({ kind: fc.constant('refuse' as const), id: clientIds, which: fc.nat({ max: 5 }) }),
  wrongAck: fc.record({
    kind: fc.constant('wrongAck' as const),
    id: clientIds,
    cmd: fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const),
    packetId: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(65_535)),
  }),
  send2: fc.record({ kind: fc.constant('send2' as const), id: clientIds, topic: topics }),
  resend2: fc.record({ kind: fc.constant('resend2' as const), id: clientIds }),
  release2: fc.record({ kind: fc.constant('release2' as const), id: clientIds }),
  leave: fc.record({
    kind: fc.constant('leave' as const),
    id: clientIds,
    how: fc.constantFrom('cut' as const, 'cut' as const, 'good-bye' as const, 'with will' as const),
    expiry: fc.option(expiries, { nil: null, freq: 3 }),
  }),
  stall: fc.record({ kind: fc.constant('stall' as const), id: clientIds }),
  readOn: fc.record({ kind: fc.constant('readOn' as const), id: clientIds }),
  advance: fc.record({ kind: fc.constant('advance' as const), steps: fc.integer({ min: 1, max: 3 }) }),
  policy: fc.record({ kind: fc.constant('policy' as const), isClosed: fc.boolean() }),
  restart: fc.record({ kind: fc.constant('restart' as const), isCrash: fc.constantFrom(true, true, false) }),
  hold: fc.record({ kind: fc.constant('hold' as const) }),
  commit: fc.record({ kind: fc.constant('commit' as const) }),
};

type Steps = { [K in keyof typeof steps]: (typeof steps)[K] extends fc.Arbitrary<infer S> ? S : never };
export type StepOf<K extends keyof Steps> = Steps[K];
export type Step = Steps[keyof Steps];

const weights: Record<keyof typeof steps, number> = {
  connect: 8,
  subscribe: 6,
  unsubscribe: 1,
  publish: 14,
  ack: 8,
  ackAll: 3,
  refuse: 1,
  wrongAck: 1,
  send2: 2,
  resend2: 2,
  release2: 2,
  leave: 4,
  stall: 1,
  readOn: 1,
  advance: 3,
  policy: 1,
  restart: 3,
  hold: 4,
  commit: 2,
};

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  ...(Object.keys(steps) as (keyof typeof steps)[]).map((kind) => ({
    weight: weights[kind],
    arbitrary: steps[kind] as fc.Arbitrary<Step>,
  })),
);

/** Two clients with durable sessions, at work for the same group. */
export const bothShare: readonly Step[] = ['a', 'b'].flatMap((id): Step[] => {
  const usual = { receiveMaximum: undefined, topicAliasMaximum: undefined, will: null };
  return [
    { kind: 'connect', id, version: 5, clean: false, expiry: 25, ...usual },
    { kind: 'subscribe', id, filter: SHARED_FILTER, qos: 2, identifier: undefined },
  ];
});

/** The same step where those who share meet it. */
export function onSharedTopic(step: Step): Step {
  if (step.kind === 'publish' || step.kind === 'send2') return { ...step, topic: SHARED_TOPIC };
  return step.kind === 'subscribe' ? { ...step, filter: SHARED_FILTER } : step;
}
