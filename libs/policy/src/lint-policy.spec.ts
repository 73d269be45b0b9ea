import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintPolicy } from './lint-policy.js';
import { applyEdit } from './policy-edit.js';
import type { PolicyProblem } from './policy-problem.js';
import type { ClientIdentity, Policy, Rule } from './rule.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aPolicy } from './testing/factories.js';
import { oracleJudge, topicSet, worldFilters, worldTopics } from './testing/oracle.js';

const told = (problems: readonly PolicyProblem[]) =>
  problems.map(({ ruleId, code, otherRuleId }) => [ruleId, code, otherRuleId].filter(Boolean).join(' '));

const lint = (...rules: Partial<Rule>[]) => told(lintPolicy(aPolicy(rules)));

/** Only the problems of these codes. */
const find = (codes: string, ...rules: Partial<Rule>[]) =>
  told(lintPolicy(aPolicy(rules)).filter(({ code }) => codes.split(' ').includes(code)));

/** The rules after the fixes of these codes. */
function fixed(codes: string, ...rules: Partial<Rule>[]): readonly Rule[] {
  const policy = aPolicy(rules);
  const fixes = lintPolicy(policy).filter(({ code }) => codes.split(' ').includes(code));
  return fixes.flatMap(({ fix }) => fix?.edits ?? []).reduce(applyEdit, policy.rules);
}

const order = (rules: readonly Rule[]) => rules.map(({ id }) => id).join(' ');

describe('lint', () => {
  test('repeats what is wrong with each rule, as an error', () => {
    const problems = lintPolicy(aPolicy([{ topics: [] }, {}, { subject: 'ipaddr', value: 'x', topics: ['a#', '%z'] }]));
    expect(problems.map(({ ruleId, code, severity }) => `${ruleId} ${code} ${severity}`)).toEqual([
      ...['r1 E2 error', 'r3 E4 error', 'r3 E3 error', 'r3 E5 error'],
    ]);
  });

  test('E6: a rule that says the same as an earlier one, in whatever order its topics stand', () => {
    expect(
      find('E6', { topics: ['a', 'b'] }, { effect: 'deny', topics: ['c'] }, { topics: ['b', 'a'], note: 'again' }),
    ).toEqual(['r3 E6 r1']);
    expect(find('E6', { topics: ['a'], value: 'x' }, { topics: ['a'] })).toEqual(['r2 E6 r1']);
    expect(find('E6', { topics: ['a'] }, { topics: ['a'], enabled: false }, { topics: ['a'], mode: 'shadow' })).toEqual(
      [],
    );
    expect(find('E6', { topics: ['a'], validUntil: '2030-01-01T00:00:00Z' }, { topics: ['a'] })).toEqual([]);
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
    expect(find('W1 E6', earlier, later)).toEqual(['r2 W1 r1']);
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
    expect(find('W1 E6', earlier, later)).toEqual([]);
  });

  test('W7: an allow to publish under $SYS; a deny, or reading, is no mistake', () => {
    expect(lint({ topics: ['a', '$SYS/x'] }, { topics: ['$SYS/#'], subject: 'ipaddr', access: 'pub' })).toEqual([
      ...['r1 W7', 'r2 W7'],
    ]);
    expect(find('W7', { effect: 'deny', topics: ['$SYS/#'] })).toEqual([]);
    expect(lint({ access: 'sub', topics: ['$SYS/#'] })).toEqual([]);
    const [both] = fixed('W7', { topics: ['$SYS/#'] });
    expect(both).toMatchObject({ access: 'sub' });
    const [rest] = fixed('W7', { access: 'pub', topics: ['$SYS/x', 'a'] }, { access: 'pub', topics: ['$SYS/y'] });
    expect(rest).toMatchObject({ topics: ['a'] });
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

  test.each<[string, Partial<Rule>[], string[]]>([
    ['a later one says more of the same', [{ topics: ['a/b'] }, { topics: ['x'] }, { topics: ['a/#'] }], ['r1 W2 r3']],
    ['the default says the same', [{ effect: 'deny', topics: ['a'] }, { topics: ['b'] }], ['r1 W2']],
    ['a deny stands between', [{ topics: ['a/b'] }, { effect: 'deny', topics: ['+/b'] }, { topics: ['a/#'] }], []],
    ['an allow behind it needs the deny', [{ effect: 'deny', topics: ['a'] }, { topics: ['#'] }], []],
    [
      'the deny speaks of others',
      [who('x', 'a'), { ...who('y', '#'), effect: 'deny' }, who('x', '#')],
      ['r1 W2 r3', 'r2 W2'],
    ],
    ['the deny may speak of the same', [who('x', 'a'), named('y', 'deny'), who('x', '#')], []],
    ['placeholders may meet', [{ topics: ['a/b'] }, { effect: 'deny', topics: ['a/%c'] }, { topics: ['a/#'] }], []],
    ['the later one ends', [{ topics: ['a'] }, { topics: ['a', 'b'], validUntil: '2030-01-01T00:00:00Z' }], []],
    ['it is the last word', [{ topics: ['a'] }, { effect: 'deny', topics: ['#'] }], []],
    ['the later one opens what it keeps apart', [{ topics: ['own/%c'] }, who('x', 'own/+')], []],
  ])('W2: redundant, or not, where %s', (_, rules, expected) => {
    expect(find('W2', ...rules)).toEqual(expected);
  });

  test('W3: everything is allowed above a deny; the fix puts it below the last one', () => {
    const rules = [
      {},
      { effect: 'deny', topics: ['a'] },
      { topics: ['b'] },
      { effect: 'deny', topics: ['c/#'] },
    ] as const;
    expect(find('W3', ...rules)).toEqual(['r1 W3 r2']);
    expect(order(fixed('W3', ...rules))).toBe('r2 r3 r4 r1');
    expect(find('W3', { access: 'pub' }, { effect: 'deny', access: 'sub', topics: ['a'] })).toEqual([]);
    expect(find('W3', { effect: 'deny', topics: ['a'] }, {})).toEqual([]);
  });

  test('W4: a wildcard opens what a placeholder keeps apart; the fix puts the placeholder there', () => {
    const own = { topics: ['toDevice/%c'] };
    expect(find('W4', own, { topics: ['toDevice/+'] })).toEqual(['r2 W4 r1']);
    expect(fixed('W4', own, { topics: ['x', 'toDevice/+'] })[1]?.topics).toEqual(['x', 'toDevice/%c']);
    expect(find('W4', { topics: ['#'] }, own)).toEqual(['r1 W4 r2']);
    expect(fixed('W4', own, { topics: ['#'] })[1]?.topics).toEqual(['#']);
    expect(find('W4', own, who('monitor', 'toDevice/+'))).toEqual([]);
    expect(find('W4', own, { topics: ['toDevice/%c/#'] })).toEqual([]);
    expect(find('W4', own, { effect: 'deny', topics: ['toDevice/#'] }, {})).toEqual([]);
    expect(find('W4', { ...own, access: 'pub' }, { topics: ['toDevice/+'], access: 'sub' })).toEqual([]);
  });

  test('W5: a deny whose topics an earlier rule allows; the fix puts it above', () => {
    const rules = [{ topics: ['x'] }, { topics: ['a/#'] }, { effect: 'deny', topics: ['a/b', 'c'] }] as const;
    expect(find('W5', ...rules)).toEqual(['r3 W5 r2']);
    expect(order(fixed('W5', ...rules))).toBe('r1 r3 r2');
    expect(find('W5', who('x', 'a/#'), { effect: 'deny', topics: ['a/b'] })).toEqual([]);
  });

  test('W6: %u means nothing to clients without a name, if there may be any', () => {
    const rules = [{ topics: ['own/%u'] }, { topics: ['my/%u'], subject: 'username' }] as const;
    expect(told(lintPolicy(aPolicy(rules), { anonymousAllowed: true }))).toEqual(['r1 W6']);
    expect(lint(...rules)).toEqual([]);
  });

  test('W9 to W11: rules that are not used, have ended, or end soon', () => {
    const day = 86_400_000;
    const until = (ms: number) => ({ validUntil: new Date(NOW_MS + ms).toISOString() });
    const policy = aPolicy([
      ...[{ topics: ['a'] }, { topics: ['b'] }, { topics: ['c'] }, { topics: ['d'] }],
      ...[
        { topics: ['e'], ...until(-1) },
        { topics: ['f'], ...until(day / 2) },
        { topics: ['g'], ...until(2 * day) },
      ],
    ]);
    const uses = new Map([
      ['r1', { sinceMs: NOW_MS - 40 * day, lastMs: null }],
      ['r2', { sinceMs: NOW_MS - 40 * day, lastMs: NOW_MS - 31 * day }],
      ['r3', { sinceMs: NOW_MS - 40 * day, lastMs: NOW_MS - 29 * day }],
      ['r4', { sinceMs: NOW_MS - 29 * day, lastMs: null }],
    ]);
    const problems = lintPolicy(policy, { nowMs: NOW_MS, uses });
    expect(told(problems)).toEqual(['r1 W9', 'r2 W9', 'r5 W10', 'r6 W11']);
    expect(problems[0]?.message).toBe('It decided nothing in 40 days.');
    const noon = Date.parse('2030-01-01T12:00:00.500Z');
    const soon = aPolicy([{ topics: ['a'], validUntil: new Date(noon).toISOString() }]);
    const [before, after] = [noon - 1, noon + 1].map((nowMs) => lintPolicy(soon, { nowMs })[0]?.message);
    expect(before).toBe('It ends within a day, at 2030-01-01 12:00 UTC.');
    expect(after).toBe('It ended at 2030-01-01 12:00 UTC, and applies to nothing any more.');
    expect(lintPolicy(policy)).toEqual([]);
  });

  test('W12: a label that no user carries', () => {
    const policy = aPolicy(
      ['pump', 'pomp', '*'].map((value) => ({
        subject: 'label',
        value,
        topics: [`a/${value.length}/${value[1] ?? ''}`],
      })),
    );
    expect(told(lintPolicy(policy, { labels: new Set(['pump']) }))).toEqual(['r2 W12']);
  });
});

function who(value: string, topic: string): Partial<Rule> {
  return { subject: 'clientid', value, topics: [topic] };
}

function named(value: string, effect: Rule['effect']): Partial<Rule> {
  return { subject: 'username', value, effect };
}

const anyAsked = fc.array(fc.constantFrom(...worldFilters, ...worldTopics), { minLength: 12, maxLength: 12 });

/** What is allowed, and what of a subscription is cut out. */
function decisions(policy: Policy, client: ClientIdentity, asked: readonly string[]) {
  const judge = oracleJudge(policy, { ...client, nowMs: NOW_MS });
  return asked.map((topic) => {
    const { allowed, exclusions } = judge.subscribe(topic);
    const cut = exclusions.map(topicSet).reduce((all, set) => all | set, 0n);
    return {
      publish: judge.publish(topic).allowed,
      subscribe: allowed,
      received: allowed ? topicSet(topic) & ~cut : 0n,
    };
  });
}

/** Policies in which a rule may stand twice. */
const anyRepeating = fc.tuple(anyPolicy, fc.nat()).map(([policy, pick]): Policy => {
  const again = policy.rules[pick % (policy.rules.length + 1)];
  return again === undefined ? policy : { ...policy, rules: [...policy.rules, { ...again, id: 'again' }] };
});

describe('generated policies', () => {
  test('have each of the problems that are said of them below, and ways out of them', () => {
    const policies = fc.sample(anyRepeating, { seed: 4, numRuns: 150 });
    const fixed = policies.flatMap((policy) => lintPolicy(policy, { nowMs: NOW_MS })).filter(({ fix }) => fix);
    expect(fixed.map(({ code }) => code)).toEqual(expect.arrayContaining(['E6', 'W1', 'W2', 'W5']));
  });

  test('whatever is called a duplicate, never reached or redundant can be left out without changing a decision', () => {
    fc.assert(
      fc.property(anyRepeating, anyClient, anyAsked, (policy, client, asked) => {
        for (const { ruleId } of lintPolicy(policy).filter((each) => ['E6', 'W1', 'W2'].includes(each.code))) {
          const without = { ...policy, rules: policy.rules.filter(({ id }) => id !== ruleId) };
          expect(decisions(without, client, asked)).toEqual(decisions(policy, client, asked));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('no fix ever allows what is denied now', () => {
    fc.assert(
      fc.property(anyRepeating, anyClient, anyAsked, (policy, client, asked) => {
        const before = decisions(policy, client, asked);
        for (const { code, fix } of lintPolicy(policy, { nowMs: NOW_MS })) {
          if (fix === undefined) continue;
          const after = decisions({ ...policy, rules: fix.edits.reduce(applyEdit, policy.rules) }, client, asked);
          for (const [index, { publish, received }] of after.entries()) {
            expect(publish && !before[index]?.publish, code).toBe(false);
            expect(received & ~(before[index]?.received ?? 0n), code).toBe(0n);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
