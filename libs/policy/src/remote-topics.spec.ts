import { expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { explain } from './explain.js';
import type { ClientIdentity, Policy, Rule } from './rule.js';

const rule = (fields: Partial<Rule>): Rule => ({
  id: 'r',
  effect: 'allow',
  subject: 'everyone',
  value: '*',
  access: 'pubsub',
  topics: ['$remote/#'],
  enabled: true,
  mode: 'enforce',
  validUntil: null,
  note: '',
  ...fields,
});

const policyOf = (...rules: Rule[]): Policy => ({ rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } });

const me: ClientIdentity = { clientId: 'me', username: null, address: null };

/** What is decided, by grants and explanation alike. */
function decide(filter: string, policy: Policy, identity = me): string {
  const { allowed, by } = compilePolicy(policy).grantsFor(identity, 0).subscribe(filter);
  const told = explain(policy, identity, 'subscribe', filter, 0);
  expect({ allowed: told.allowed, by: told.by }).toEqual({ allowed, by });
  return `${allowed ? 'allow' : 'deny'} ${by}`;
}

test.each([
  ['$remote/me/rx', 'allow built-in'],
  ['$remote/me/rx/#', 'allow built-in'],
  ['$share/g/$remote/me/rx/errors', 'allow built-in'],
  ['$remote/me/#', 'allow rule'],
  ['$remote/me/tx', 'allow rule'],
  ['$remote/other/tx/#', 'allow rule'],
  ['$remote/+/tx', 'allow rule'],
  ['$remote/other', 'allow rule'],
  ['$remote/other/rx', 'deny built-in'],
  ['$remote/other/rx/a', 'deny built-in'],
  ['$remote/other/#', 'deny built-in'],
  ['$remote/other/+', 'deny built-in'],
  ['$remote/+/rx', 'deny built-in'],
  ['$remote/+/+', 'deny built-in'],
  ['$remote/+/#', 'deny built-in'],
  ['$remote/#', 'deny built-in'],
  ['$share/g/$remote/#', 'deny built-in'],
])('where a rule allows everything under $remote, %s is %s', (filter, expected) => {
  expect(decide(filter, policyOf(rule({})))).toBe(expected);
});

test('its own is read by a client that no rule speaks of, or that a rule denies it', () => {
  expect(decide('$remote/me/rx/#', policyOf())).toBe('allow built-in');
  expect(decide('$remote/me/rx/#', policyOf(rule({ effect: 'deny' })))).toBe('allow built-in');
  expect(decide('$remote/me/tx', policyOf())).toBe('deny default');
});

test.each(['+', '#', 'a/b'])('a client that calls itself %s reads nothing of others', (clientId) => {
  const identity = { ...me, clientId };
  for (const filter of ['$remote/+/rx', '$remote/#', '$remote/a/rx', '$remote/b/rx']) {
    expect(decide(filter, policyOf(rule({})), identity)).toBe('deny built-in');
  }
});
