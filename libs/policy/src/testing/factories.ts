import type { ClientIdentity, Policy, PolicySettings, Rule } from '../rule.js';

/** An enforced rule for everyone; give what the test is about. */
export function aRule(given: Partial<Rule> = {}): Rule {
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
    ...given,
  };
}

/** A policy of these rules, whose ids become r1, r2, … where they have none of their own. */
export function aPolicy(rules: readonly Partial<Rule>[], settings: Partial<PolicySettings> = {}): Policy {
  return {
    rules: rules.map((rule, index) => aRule({ id: `r${index + 1}`, ...rule })),
    settings: { noMatch: 'deny', wildcardOverlap: 'exclude', ...settings },
  };
}

/** A client `dev-1` without a user name. */
export function aClient(given: Partial<ClientIdentity> = {}): ClientIdentity {
  return { clientId: 'dev-1', username: null, address: '192.0.2.7', ...given };
}
