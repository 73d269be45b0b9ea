import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintPolicy } from './lint-policy.js';
import type { Rule } from './rule.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aPolicy } from './testing/factories.js';
import { oracleJudge, topicSet, worldFilters, worldTopics } from './testing/oracle.js';

const lint = (...rules: Partial<Rule>[]) =>
  lintPolicy(aPolicy(rules)).map(({ ruleId, code, otherRuleId }) =>
    [ruleId, code, otherRuleId].filter(Boolean).join(' '),
  );

describe('lint', () => {
  test('repeats what is wrong with each rule, as an error', () => {
    const problems = lintPolicy(aPolicy([{ topics: [] }, {}, { subject: 'ipaddr', value: 'x', topics: ['a#', '%z'] }]));
    expect(problems.map(({ ruleId, code, severity }) => `${ruleId} ${code} ${severity}`)).toEqual([
      ...['r1 E2 error', 'r3 E4 error', 'r3 E3 error', 'r3 E5 error'],
    ]);
  });

  test('E6: a rule that says the same as an earlier one, in whatever order its topics stand', () => {
    expect(
      lint({ topics: ['a', 'b'] }, { effect: 'deny', topics: ['c'] }, { topics: ['b', 'a'], note: 'again' }),
    ).toEqual(['r3 E6 r1']);
    expect(lint({ topics: ['a'], value: 'x' }, { topics: ['a'] })).toEqual(['r2 E6 r1']);
    expect(lint({ topics: ['a'] }, { topics: ['a'], enabled: false }, { topics: ['a'], mode: 'shadow' })).toEqual([]);
    expect(lint({ topics: ['a'], validUntil: '2030-01-01T00:00:00Z' }, { topics: ['a'] })).toEqual([]);
  });

  test.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['by wider topics', { topics: ['a/#'] }, { topics: ['a/b', 'a'] }],
    ['by several topics', { topics: ['a', 'b/+'] }, { topics: ['b/c', 'a'] }],
    ['by everyone', { topics: ['a'] }, { subject: 'username', value: 'joy', topics: ['a'] }],
    ['by any name', { subject: 'username', topics: ['a'] }, { subject: 'username', value: 'joy', topics: ['a'] }],
    ['by any label', { subject: 'label', topics: ['a'] }, { subject: 'label', value: 'ops', topics: ['a'] }],
    ['by a block', { subject: 'ipaddr', value: '10.0.0.0/8' }, { subject: 'ipaddr', value: '::ffff:10.1.0.0/112' }],
    ['by both directions', { topics: ['a'] }, { effect: 'deny', access: 'pub', topics: ['a'] }],
    ['of placeholders', { topics: ['own/+'] }, { topics: ['own/%c'] }],
    ['with the same placeholder', { topics: ['own/%c/#'] }, { topics: ['own/%c/x'] }],
    ['of a deny behind allow #', { topics: ['#'] }, { effect: 'deny', topics: ['secret/#'] }],
    ['of a deny below $', { topics: ['$SYS/#'], access: 'sub' }, { effect: 'deny', access: 'sub', topics: ['$SYS/x'] }],
    ['that lasts longer', { topics: ['a'] }, { topics: ['a'], access: 'sub', validUntil: '2030-01-01T00:00:00Z' }],
  ])('W1: a rule is never reached, shadowed %s', (_, earlier, later) => {
    expect(lint(earlier, later)).toEqual(['r2 W1 r1']);
  });

  test.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['the earlier is off', { enabled: false }, { topics: ['a'] }],
    ['the earlier ends sooner', { validUntil: '2030-01-01T00:00:00Z' }, { topics: ['a'] }],
    ['the earlier speaks of one direction', { access: 'pub' }, { topics: ['a'] }],
    ['the earlier speaks of others', { subject: 'username', value: 'joy' }, { subject: 'username', topics: ['a'] }],
    ['any name is not anyone', { subject: 'username' }, { topics: ['a'] }],
    ['# reaches no $-topic', { topics: ['#'] }, { topics: ['$SYS/#'], access: 'sub' }],
    ['it cuts topics out of wider subscriptions', { topics: ['a/#'] }, { effect: 'deny', topics: ['a/b'] }],
    ['the earlier may fall away as a whole', { topics: ['a', 'own/%u'] }, { topics: ['a'], access: 'sub' }],
    ['one client is not every client', { topics: ['own/%c'] }, { topics: ['own/+'] }],
  ])('W1 is not said where %s', (_, earlier, later) => {
    expect(lint(earlier, later)).toEqual([]);
  });

  test('W7: an allow to publish under $SYS; a deny, or reading, is no mistake', () => {
    expect(lint({ topics: ['a', '$SYS/x'] }, { topics: ['$SYS/#'], subject: 'ipaddr', access: 'pub' })).toEqual([
      ...['r1 W7', 'r2 W7'],
    ]);
    expect(lint({ effect: 'deny', topics: ['$SYS/#'] })).toEqual([]);
    expect(lint({ access: 'sub', topics: ['$SYS/#'] })).toEqual([]);
  });

  test('W8: a name that looks like a filter is compared as it stands', () => {
    expect(lint({ subject: 'clientid', value: 'pump/+' }, { subject: 'username', value: 'a#' })).toEqual([
      'r1 W8',
      'r2 W8',
    ]);
    expect(
      lint({ subject: 'ipaddr', value: '10.0.0.0/8' }, { subject: 'clientid', value: '*', topics: ['a'] }),
    ).toEqual([]);
  });

  test('whatever is called a duplicate or never reached can be left out without changing a decision', () => {
    const anyAsked = fc.constantFrom(...worldFilters, ...worldTopics);
    let leftOut = 0;
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        fc.array(anyAsked, { minLength: 12, maxLength: 12 }),
        (policy, client, asked) => {
          const problem = lintPolicy(policy).find(({ code }) => code === 'E6' || code === 'W1');
          fc.pre(problem !== undefined);
          leftOut += 1;
          const without = { ...policy, rules: policy.rules.filter(({ id }) => id !== problem?.ruleId) };
          const who = { ...client, nowMs: NOW_MS };
          const [before, after] = [oracleJudge(policy, who), oracleJudge(without, who)];
          const cut = (filters: readonly string[]) => filters.map(topicSet).reduce((all, set) => all | set, 0n);
          const decisions = (judge: typeof before) =>
            asked.map((topic) => {
              const { allowed, ruleId, exclusions } = judge.subscribe(topic);
              return [judge.publish(topic), allowed, ruleId, cut(exclusions)];
            });
          expect(decisions(after)).toEqual(decisions(before));
        },
      ),
      { numRuns: 60 },
    );
    expect(leftOut).toBeGreaterThanOrEqual(60);
  });
});
