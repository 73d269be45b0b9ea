import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffPolicies } from './diff-policies.js';
import { mergePolicies, resolveMerge } from './merge-policies.js';
import type { PolicyTest } from './policy-test.js';
import type { PolicyVersion } from './policy-version.js';
import type { Rule } from './rule.js';
import { aClient, aPolicy, aRule } from './testing/factories.js';

const version = (text: string, changes: Record<string, Partial<Rule>> = {}): PolicyVersion =>
  aPolicy([...text].map((id) => aRule({ id, topics: [id], ...changes[id] })));

const idsOf = ({ rules }: PolicyVersion) => rules.map(({ id }) => id).join('');

function merge(base: PolicyVersion, mine: PolicyVersion, theirs: PolicyVersion) {
  const merged = mergePolicies(base, mine, theirs);
  return { ...merged, ids: idsOf(merged.policy), told: merged.conflicts.map(({ id }) => id) };
}

describe('merging two drafts of one revision', () => {
  test.each<[string, string, string, string, string]>([
    ['both add at different places', 'abc', 'xabc', 'abcy', 'xabcy'],
    ['both add at the same place', 'ab', 'axb', 'ayb', 'axyb'],
    ['one removes, one adds behind it', 'abc', 'ac', 'abyc', 'ayc'],
    ['one moves, one adds', 'abcd', 'dabc', 'abycd', 'dabyc'],
    ['both move different rules', 'abcdef', 'fabcde', 'acdebf', 'facdeb'],
    ['both make the same move', 'abc', 'cab', 'cab', 'cab'],
    ['one moves what the other removes', 'abc', 'cab', 'ab', 'ab'],
    ['an addition stays with its neighbour that did not move', 'abc', 'abxc', 'bca', 'bxca'],
    ['both remove', 'abc', 'ac', 'c', 'c'],
  ])('%s', (_, base, mine, theirs, expected) => {
    expect(merge(version(base), version(mine), version(theirs))).toMatchObject({ ids: expected, told: [] });
  });

  test('changes of different fields of one rule come together', () => {
    const { policy, told } = merge(
      version('a'),
      version('a', { a: { effect: 'deny' } }),
      version('a', { a: { note: 'why' } }),
    );
    expect(policy.rules[0]).toMatchObject({ effect: 'deny', note: 'why' });
    expect(told).toEqual([]);
  });

  test('the same field changed on both sides is a conflict with both versions, and either can be taken', () => {
    const mine = version('a', { a: { topics: ['m'], note: 'mine' } });
    const merged = merge(version('a'), mine, version('a', { a: { topics: ['t'], access: 'pub' } }));
    expect(merged.conflicts).toMatchObject([
      { kind: 'field', ruleId: 'a', fields: ['topics'], mine: { topics: ['m'] }, theirs: { topics: ['t'] } },
    ]);
    expect(merged.policy.rules[0]).toMatchObject({ topics: ['m'], note: 'mine', access: 'pub' });
    const resolved = resolveMerge(merged, { 'field a topics': 'theirs' });
    expect(resolved.rules[0]).toMatchObject({ topics: ['t'], note: 'mine', access: 'pub' });
  });

  test('a value is never put together with the subject of the other side', () => {
    const base = version('a', { a: { subject: 'username', value: 'joy' } });
    const mine = version('a', { a: { subject: 'ipaddr', value: '10.0.0.1' } });
    const theirs = version('a', { a: { subject: 'username', value: 'ann' } });
    const merged = merge(base, mine, theirs);
    expect(merged.told).toEqual(['field a subject value']);
    const resolved = resolveMerge(merged, { 'field a subject value': 'theirs' });
    expect(resolved.rules[0]).toMatchObject({ subject: 'username', value: 'ann' });
  });

  test('removed here and changed there is a conflict, wherever the rule stands', () => {
    const merged = merge(version('abc'), version('ac'), version('abc', { b: { note: 'why' } }));
    expect(merged).toMatchObject({ ids: 'ac', told: ['removed b'] });
    expect(idsOf(resolveMerge(merged, { 'removed b': 'theirs' }))).toBe('abc');
    const other = merge(version('abc'), version('abc', { b: { note: 'why' } }), version('ac'));
    expect(other).toMatchObject({ ids: 'abc', told: ['removed b'] });
    expect(idsOf(resolveMerge(other, { 'removed b': 'theirs' }))).toBe('ac');
  });

  test('one rule moved to two places is a conflict', () => {
    const merged = merge(version('abcd'), version('dabc'), version('adbc'));
    expect(merged).toMatchObject({ ids: 'dabc', conflicts: [{ kind: 'moved', ruleId: 'd', mine: 1, theirs: 2 }] });
    expect(idsOf(resolveMerge(merged, { 'moved d': 'theirs' }))).toBe('adbc');
  });

  test('settings and access tests are merged, too', () => {
    const aTest = (id: string, note = ''): PolicyTest => ({
      ...{ id, client: aClient(), action: 'publish', topic: 'a', expect: 'allow', note },
    });
    const base = { ...aPolicy([]), tests: [aTest('t'), aTest('u')] };
    const mine = { ...aPolicy([], { noMatch: 'allow' }), tests: [aTest('t', 'mine'), aTest('u'), aTest('m')] };
    const theirs = { ...aPolicy([], { wildcardOverlap: 'reject' }), tests: [aTest('t', 'theirs'), aTest('x')] };
    const { policy, told } = merge(base, mine, theirs);
    expect(policy.settings).toEqual({ noMatch: 'allow', wildcardOverlap: 'reject' });
    expect(policy.tests?.map(({ id, note }) => id + note)).toEqual(['tmine', 'x', 'm']);
    expect(told).toEqual(['test t']);
  });
});

/** Versions of one base: rules taken out, put in, changed and moved at random. */
const anySides = fc
  .record({
    base: fc.shuffledSubarray([...'abcdefgh'], { minLength: 3 }),
    edits: fc.array(anyEdit(), { maxLength: 6 }),
  })
  .map(({ base, edits }) => {
    const start = version(base.join(''));
    const sideOf = (side: number) =>
      edits
        .filter((edit) => edit.side === side)
        .reduce<readonly Rule[]>((rules, edit) => edited(rules, edit), start.rules);
    return { base: start, mine: { ...start, rules: sideOf(0) }, theirs: { ...start, rules: sideOf(1) } };
  });

function anyEdit() {
  return fc.record({
    side: fc.constantFrom(0, 1),
    kind: fc.constantFrom('add', 'remove', 'move', 'change'),
    at: fc.nat(8),
    to: fc.nat(8),
    field: fc.constantFrom<Partial<Rule>>({ note: 'x' }, { note: 'y' }, { effect: 'deny' }, { access: 'pub' }),
  });
}

function edited(rules: readonly Rule[], edit: { side: number; kind: string; at: number; to: number; field: object }) {
  const { side, kind, at, to, field } = edit;
  const rule = rules[at % (rules.length || 1)];
  if (kind === 'add') {
    const id = `${side}${at}`;
    return rules.some((each) => each.id === id) ? rules : rules.toSpliced(to % (rules.length + 1), 0, aRule({ id }));
  }
  if (rule === undefined) return rules;
  const others = rules.filter((each) => each !== rule);
  if (kind === 'remove') return others;
  if (kind === 'move') return others.toSpliced(to % (others.length + 1), 0, rule);
  return rules.map((each) => (each === rule ? { ...each, ...field } : each));
}

describe('generated merges', () => {
  test('a side that changed nothing leaves the other as it is, and twice the same change is that change', () => {
    fc.assert(
      fc.property(anySides, ({ base, mine }) => {
        for (const merged of [merge(base, mine, base), merge(base, base, mine), merge(base, mine, mine)]) {
          expect(merged.policy.rules).toEqual(mine.rules);
          expect(merged.conflicts).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('without conflicts, each pair of rules stands as the side that turned it wants it', () => {
    let clean = 0;
    fc.assert(
      fc.property(anySides, ({ base, mine, theirs }) => {
        const merged = merge(base, mine, theirs);
        if (merged.conflicts.length > 0) return;
        clean += 1;
        for (const { id: a } of merged.policy.rules) {
          for (const { id: b } of merged.policy.rules) {
            const [was, my, their, made] = [base, mine, theirs, merged.policy].map(({ rules }) => {
              const places = [a, b].map((id) => rules.findIndex((rule) => rule.id === id));
              return places.includes(-1) ? null : places[0]! < places[1]!;
            });
            if (was === null || my === null || their === null) continue;
            expect(made).toBe(my === their || their === was ? my : their);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(clean).toBeGreaterThan(100);
  });

  test('choosing one side everywhere keeps whatever that side changed', () => {
    fc.assert(
      fc.property(anySides, fc.constantFrom('mine' as const, 'theirs' as const), ({ base, mine, theirs }, side) => {
        const merged = merge(base, mine, theirs);
        const chosen = side === 'mine' ? mine : theirs;
        const policy = resolveMerge(merged, Object.fromEntries(merged.conflicts.map(({ id }) => [id, side])));
        const made = new Map(policy.rules.map((rule) => [rule.id, rule]));
        for (const change of diffPolicies(base, chosen).rules) {
          const rule = made.get(change.rule.id);
          if (change.kind === 'removed') expect(rule).toBeUndefined();
          if (change.kind === 'added') expect(rule).toEqual(change.rule);
          if (change.kind === 'changed')
            for (const field of change.fields) expect(rule?.[field]).toEqual(change.rule[field]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
