import { expect, test } from 'vitest';
import { diffPolicies } from './diff.js';
import { aContent, aRule, rulesNamed } from './testing/rule-factories.js';

const told = (before: ReturnType<typeof rulesNamed>, after: ReturnType<typeof rulesNamed>) =>
  diffPolicies(aContent(before), aContent(after)).rules.map(
    (change) => `${change.kind} ${change.rule.id}@${change.position}`,
  );

test('nothing changed is nothing told', () => {
  expect(diffPolicies(aContent(rulesNamed('a', 'b')), aContent(rulesNamed('a', 'b'))).count).toBe(0);
});

test('added, removed and changed rules are told with their positions', () => {
  const after = [aRule({ id: 'n' }), aRule({ id: 'a', topics: ['a'], effect: 'deny' })];
  expect(told(rulesNamed('a', 'b'), after)).toEqual(['added n@1', 'changed a@2', 'removed b@2']);
});

test('the changed fields are named', () => {
  const [change] = diffPolicies(
    aContent([aRule({ topics: ['a', 'b'] })]),
    aContent([aRule({ topics: ['a'], note: 'why' })]),
  ).rules;
  expect(change).toMatchObject({ kind: 'changed', fields: ['topics', 'note'] });
});

test('one rule moved to the top is one move, not a move of all others', () => {
  expect(told(rulesNamed('a', 'b', 'c', 'd'), rulesNamed('d', 'a', 'b', 'c'))).toEqual(['moved d@1']);
});

test('a rule inserted above others moves none of them', () => {
  expect(told(rulesNamed('a', 'b'), rulesNamed('n', 'a', 'b'))).toEqual(['added n@1']);
});

test('a changed default is told', () => {
  const before = aContent([]);
  const after = { ...before, settings: { ...before.settings, noMatch: 'allow' as const } };
  expect(diffPolicies(before, after)).toMatchObject({ settings: ['noMatch'], count: 1 });
});
