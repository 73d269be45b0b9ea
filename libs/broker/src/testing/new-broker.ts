import { compilePolicy, type CompiledPolicy, type Rule } from '@perch/policy';
import { Broker } from '../broker.js';
import type { BrokerOptions } from '../broker-options.js';
import type { Authenticator } from '../ports/authenticator.js';
import { FakeClock } from './fake-clock.js';

/** Lets everybody in under the user name they give. */
const everybody: Authenticator = {
  authenticate: ({ username }) => ({ accepted: true, username }),
};

/** A rule that allows or denies, filled in where the test does not care. */
export function aRule(rule: Partial<Rule>): Rule {
  return {
    id: 'rule',
    effect: 'allow',
    subject: 'everyone',
    value: '*',
    access: 'pubsub',
    topics: ['#'],
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
    ...rule,
  };
}

/** A policy of these rules: what none of them allows is denied. */
export function aPolicy(...rules: Partial<Rule>[]): CompiledPolicy {
  return compilePolicy({
    rules: rules.map((rule, i) => aRule({ id: `r${i + 1}`, ...rule })),
    settings: { noMatch: 'deny', wildcardOverlap: 'exclude' },
  });
}

/** A broker as the test wants it; unless told otherwise everybody may do everything. */
export interface TestBroker {
  readonly broker: Broker;
  readonly clock: FakeClock;
  /** What the broker reported as its own faults. */
  readonly faults: unknown[];
}

/** Makes a broker on fake time. */
export function newBroker(options: Partial<BrokerOptions> = {}): TestBroker {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const broker = new Broker({
    authenticator: everybody,
    policy: aPolicy({ topics: ['#', '$SYS/#'] }),
    clock,
    report: (error) => faults.push(error),
    ...options,
  });
  return { broker, clock, faults };
}
