import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { explain } from './explain.js';
import type { SubscribeVerdict } from './verdict.js';
import type { Action, Policy } from './rule.js';
import { anyClient, anyOwnRules, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { oracleMatches, worldFilters, worldTopics } from './testing/oracle.js';

const ask = (policy: Policy, action: Action, topic: string) => explain(policy, aClient(), action, topic, NOW_MS);

const essence = ({
  allowed,
  ruleId,
  by,
  exclusions,
}: Pick<SubscribeVerdict, 'allowed' | 'ruleId' | 'by' | 'exclusions'>) => [allowed, ruleId, by, exclusions];

describe('an explanation', () => {
  test('of a publish or a subscription is what the grants decide', () => {
    const anyAsked = fc.constantFrom(...worldFilters, ...worldTopics, '$share/g/a/#', '$share/g', 'a#', '', '$SYS/#');
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        anyOwnRules,
        fc.array(anyAsked, { minLength: 10, maxLength: 10 }),
        (policy, client, own, asked) => {
          const grants = compilePolicy(policy).grantsFor(client, NOW_MS, own);
          for (const action of ['publish', 'subscribe'] as const) {
            const decided = asked.map((topic) => ({ exclusions: [], ...grants[action](topic) }));
            const explained = asked.map((topic) => explain(policy, client, action, topic, NOW_MS, own));
            expect(explained.map(essence)).toEqual(decided.map(essence));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('tells of each filter what its levels tell: all match or one does not', () => {
    fc.assert(
      fc.property(anyPolicy, anyClient, fc.constantFrom(...worldTopics), (policy, client, topic) => {
        const { steps } = explain(policy, client, 'publish', topic, NOW_MS);
        for (const { filter, matches, levels } of steps.flatMap((step) => step.topics ?? [])) {
          expect(matches).toBe(oracleMatches(filter, topic));
          expect(levels.every((level) => level.matches)).toBe(matches);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('gives for each rule the first reason why it did not apply, and stops where it is decided', () => {
    const policy = aPolicy([
      { enabled: false },
      { topics: ['a/#/b'] },
      { mode: 'shadow' },
      { validUntil: '2029-12-31T23:59:59Z' },
      { subject: 'username', value: 'joy' },
      { access: 'sub' },
      { topics: ['own/%u'] },
      { topics: ['toDevice/dev-1', 'x'] },
      { effect: 'deny', topics: ['toDevice/+'] },
      { topics: ['#'] },
    ]);
    const explanation = ask(policy, 'publish', 'toDevice/dev-2');
    expect(explanation.steps.map(({ outcome }) => outcome)).toEqual([
      'disabled',
      'invalid',
      'shadow',
      'expired',
      'subject',
      'access',
      'placeholder',
      'topic',
      'applies',
    ]);
    expect(explanation.steps.map(({ applies }) => applies)).toEqual([...new Array<boolean>(8).fill(false), true]);
    expect(explanation.steps[4]?.text).toBe('It wants user “joy”; the client has no user name.');
    expect(explanation.steps[7]?.topics?.[0]).toEqual({
      filter: 'toDevice/dev-1',
      matches: false,
      levels: [
        { wanted: 'toDevice', rule: 'toDevice', matches: true },
        { wanted: 'dev-2', rule: 'dev-1', matches: false },
      ],
    });
    expect(explanation).toMatchObject({
      allowed: false,
      ruleId: 'r9',
      reason: 'Denied by rule 9 (deny everyone pubsub toDevice/+).',
    });
  });

  test('tells which label was wanted and which there are', () => {
    const policy = aPolicy([
      { subject: 'label', value: 'admin' },
      { subject: 'label', value: '*' },
    ]);
    const of = (labels: string[]) => explain(policy, aClient({ labels }), 'publish', 'a', NOW_MS);
    expect(of(['ops', 'night']).steps.map(({ text }) => text)).toEqual([
      'It wants label “admin”; the client has ops, night.',
      'It decides: allow. Evaluation stops here.',
    ]);
    expect(of(['ops']).reason).toBe('Allowed by rule 2 (allow label * pubsub #).');
    expect(of(['']).steps[1]?.text).toBe('It wants any label; the client has none.');
  });

  test('asks the client’s own rules where they stand, and says which they are', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['a'] }]);
    const rules = aPolicy([
      { id: 'acl-1', topics: ['b'] },
      { id: 'acl-2', topics: ['a', 'c'] },
    ]).rules;
    const of = (topic: string, place: 'before' | 'after') =>
      explain(policy, aClient(), 'publish', topic, NOW_MS, { rules, place });
    expect(of('a', 'before')).toMatchObject({
      allowed: true,
      ruleId: 'acl-2',
      by: 'own-rule',
      reason: 'Allowed by the client’s own rule 2 (allow everyone pubsub a, c).',
    });
    expect(of('c', 'after').steps.map(({ ruleId, index, isOwn }) => [ruleId, index, isOwn ?? false])).toEqual([
      ['r1', 0, false],
      ['acl-1', 0, true],
      ['acl-2', 1, true],
    ]);
    expect(of('a', 'after')).toMatchObject({ allowed: false, ruleId: 'r1', by: 'rule' });
    expect(of('d', 'after')).toMatchObject({ allowed: false, ruleId: null, by: 'default' });
  });

  test('names what is cut out of a granted subscription and who cuts it', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['secret/#', 'other'] }, { topics: ['#'] }]);
    expect(ask(policy, 'subscribe', '#')).toMatchObject({
      allowed: true,
      ruleId: 'r2',
      exclusions: ['secret/#', 'other'],
      reason: 'Allowed by rule 2 (allow everyone pubsub #), without secret/#, other.',
      steps: [
        { outcome: 'excludes', applies: false },
        { outcome: 'applies', applies: true },
      ],
    });
  });

  test.each([
    ['publish', 'a', 'Denied: no rule applies and the default is deny.'],
    ['publish', 'a/+', 'Denied: “a/+” is not a topic that one can publish to.'],
    ['publish', '$SYS/x', 'Denied: only the broker itself publishes under $SYS, whatever the rules say.'],
    ['subscribe', 'a#', 'Denied: “a#” is not a filter that one can subscribe to.'],
  ] as const)('says in one sentence why a %s of %j is refused without a rule', (action, topic, reason) => {
    expect(ask(aPolicy([]), action, topic)).toEqual({
      allowed: false,
      ruleId: null,
      by: reason.includes('default') ? 'default' : 'built-in',
      reason,
      exclusions: [],
      steps: [],
    });
  });

  test('says that an overlap is refused where the setting refuses it', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['a/b'] }, {}], { wildcardOverlap: 'reject' });
    expect(ask(policy, 'subscribe', 'a/#')).toMatchObject({ allowed: false, ruleId: 'r1', exclusions: [] });
    expect(ask(policy, 'subscribe', 'a/#').reason).toContain('“a/b”');
    expect(ask(policy, 'subscribe', 'c/#')).toMatchObject({ allowed: true, ruleId: 'r2' });
  });

  test('shows what is left of the topic beside #, and empty text where a side has no level', () => {
    const policy = aPolicy([{ topics: ['a/b/c'] }, { topics: ['a/+'] }, { topics: ['#'] }, { topics: ['$SYS/#'] }]);
    const levels = ask(policy, 'subscribe', '$SYS/x/y').steps.map((step) => step.topics?.[0]?.levels);
    expect(levels[2]).toEqual([{ wanted: '$SYS/x/y', rule: '#', matches: false }]);
    expect(levels[3]).toEqual([
      { wanted: '$SYS', rule: '$SYS', matches: true },
      { wanted: 'x/y', rule: '#', matches: true },
    ]);
    const short = ask(policy, 'publish', 'a/b').steps.map((step) => step.topics?.[0]?.levels.at(-1));
    expect(short).toEqual([
      { wanted: '', rule: 'c', matches: false },
      { wanted: 'b', rule: '+', matches: true },
    ]);
  });
});
