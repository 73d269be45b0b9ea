import { expect, test } from 'vitest';
import { diffPolicies } from './diff-policies.js';
import type { PolicyTest } from './policy-test.js';
import type { Rule } from './rule.js';
import { aClient, aPolicy, aRule } from './testing/factories.js';

const named = (...ids: string[]) => ids.map((id) => aRule({ id, topics: [id] }));

const told = (before: Rule[], after: Rule[]) =>
  diffPolicies(aPolicy(before), aPolicy(after)).rules.map(
    (change) => `${change.kind} ${change.rule.id}@${change.position}`,
  );

test('nothing changed is nothing told', () => {
  expect(diffPolicies(aPolicy(named('a', 'b')), aPolicy(named('a', 'b'))).count).toBe(0);
});

test('added, removed and changed rules are told with their positions', () => {
  const after = [...named('n'), aRule({ id: 'a', topics: ['a'], effect: 'deny' })];
  expect(told(named('a', 'b'), after)).toEqual(['added n@1', 'changed a@2', 'removed b@2']);
});

test('the changed fields are named', () => {
  const before = aPolicy([{ topics: ['a', 'b'] }]);
  const [change] = diffPolicies(before, aPolicy([{ topics: ['a'], note: 'why' }])).rules;
  expect(change).toMatchObject({ kind: 'changed', fields: ['topics', 'note'] });
});

test('one rule moved to the top is one move, not a move of all others', () => {
  expect(told(named('a', 'b', 'c', 'd'), named('d', 'a', 'b', 'c'))).toEqual(['moved d@1']);
});

test('a rule inserted above others moves none of them', () => {
  expect(told(named('a', 'b'), named('n', 'a', 'b'))).toEqual(['added n@1']);
});

test('a changed default is told', () => {
  const diff = diffPolicies(aPolicy([]), aPolicy([], { noMatch: 'allow' }));
  expect(diff).toMatchObject({ settings: ['noMatch'], count: 1 });
});

test('access tests are told, too; in which order labels stand is no difference', () => {
  const aTest = (id: string, given: Partial<PolicyTest> = {}): PolicyTest => ({
    ...{ id, client: aClient({ labels: ['x', 'y'] }), action: 'publish', topic: 'a', expect: 'allow', note: '' },
    ...given,
  });
  const before = { ...aPolicy([]), tests: [aTest('gone'), aTest('same'), aTest('other')] };
  const same = aTest('same', { client: aClient({ labels: ['y', 'x'] }) });
  const after = { ...aPolicy([]), tests: [same, aTest('new'), aTest('other', { expect: 'deny' })] };
  const { tests, count } = diffPolicies(before, after);
  expect(tests.map((change) => `${change.kind} ${change.test.id}`)).toEqual([
    ...['added new', 'changed other', 'removed gone'],
  ]);
  expect(count).toBe(3);
});
