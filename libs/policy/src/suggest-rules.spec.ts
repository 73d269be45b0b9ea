import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { type ClientUse, suggestRules, type SuggestQuery } from './suggest-rules.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { topicSet, worldFilters, worldTopics } from './testing/oracle.js';

const seen = (...topics: string[]) => topics.map((topic) => ({ topic, lastMs: NOW_MS }));

const pump: ClientUse = { identity: aClient({ clientId: 'pump-7', username: 'ann' }), published: [], subscribed: [] };

const suggest = (uses: readonly ClientUse[], given: Partial<SuggestQuery> = {}) =>
  suggestRules({
    ...{
      policy: aPolicy([{}]),
      subject: { subject: 'label', value: 'pump' },
      uses,
      sinceMs: NOW_MS - 1000,
      nowMs: NOW_MS,
    },
    ...given,
  });

const told = (uses: readonly ClientUse[], given: Partial<SuggestQuery> = {}) =>
  suggest(uses, given).rules.map(({ rule }) => `${rule.access} ${rule.topics.join(',')}`);

describe('the least that clients need', () => {
  test('their own id and name become placeholders, so that clients share a rule', () => {
    const published = seen('toCloud/pump-7', 'log/ann/x');
    const other: ClientUse = { ...pump, identity: aClient({ clientId: 'pump-8' }), published: seen('toCloud/pump-8') };
    expect(told([{ ...pump, published }, other])).toEqual(['pub log/%u/x', 'pub toCloud/%c']);
    const [, own] = suggest([{ ...pump, published }, other]).rules;
    expect(own?.evidence).toEqual([
      { filter: 'toCloud/%c', count: 2, examples: ['toCloud/pump-7', 'toCloud/pump-8'], lastMs: NOW_MS },
    ]);
  });

  test('three siblings are a family, two are not', () => {
    expect(told([{ ...pump, published: seen('a/1', 'a/2') }])).toEqual(['pub a/1,a/2']);
    expect(told([{ ...pump, published: seen('a/1', 'a/2', 'a/3', 'b/1/c') }])).toEqual(['pub a/+,b/1/c']);
    const open = { policy: aPolicy([], { noMatch: 'allow' }) };
    const published = seen('a/1/t', 'a/2/t', 'a/3/t', '$x/1', '$y/1', '$z/1');
    expect(told([{ ...pump, published }], open)).toEqual(['pub $x/1,$y/1,$z/1,a/+/t']);
  });

  test('a family that is not allowed as a whole stays apart', () => {
    const policy = aPolicy([{ effect: 'deny', topics: ['a/secret'] }, {}]);
    expect(told([{ ...pump, published: seen('a/1', 'a/2', 'a/3') }], { policy })).toEqual(['pub a/1,a/2,a/3']);
  });

  test('both directions come together, and shared subscriptions count as what they share', () => {
    const use = { ...pump, published: seen('a'), subscribed: seen('a', '$share/g/b/#', 'b/c') };
    expect(told([use])).toEqual(['pubsub a', 'sub b/#']);
  });

  test('what was refused, or not used for long, is not suggested', () => {
    const published = [...seen('a', 'b'), { topic: 'old', lastMs: NOW_MS - 2000 }];
    const found = suggest([{ ...pump, published }], { policy: aPolicy([{ topics: ['a', 'old'] }]) });
    expect(found.rules.map(({ rule }) => rule.topics)).toEqual([['a']]);
    expect(found.refused).toBe(1);
  });

  test('what could be taken away, with an example', () => {
    const policy = aPolicy([
      { access: 'pub', topics: ['a/#', 'b'] },
      { subject: 'username', value: 'joy', topics: ['c'] },
    ]);
    expect(suggest([{ ...pump, published: seen('a/1') }], { policy }).excess).toEqual([
      { ruleId: 'r1', filter: 'a/#', access: 'pub', isUsed: true, example: 'a/x' },
      { ruleId: 'r1', filter: 'b', access: 'pub', isUsed: false, example: 'b' },
    ]);
    expect(
      suggest([{ ...pump, published: seen('b') }], { policy: aPolicy([{ access: 'pub', topics: ['b'] }]) }).excess,
    ).toEqual([]);
  });

  test('allows whatever was used and allowed, and nothing that is not allowed now', () => {
    const anyUse = fc.record({
      identity: anyClient,
      published: fc.array(fc.constantFrom(...worldTopics), { maxLength: 8 }).map((topics) => seen(...topics)),
      subscribed: fc.array(fc.constantFrom(...worldFilters), { maxLength: 8 }).map((topics) => seen(...topics)),
    });
    let suggested = 0;
    fc.assert(
      fc.property(anyPolicy, fc.array(anyUse, { minLength: 1, maxLength: 3 }), (policy, uses) => {
        const { rules } = suggest(uses, { policy, subject: { subject: 'everyone', value: '*' } });
        const least = compilePolicy(aPolicy(rules.map(({ rule }) => rule)));
        suggested += rules.length;
        for (const { identity, published, subscribed } of uses) {
          const [before, after] = [compilePolicy(policy), least].map((each) => each.grantsFor(identity, NOW_MS));
          const isBrokers = (topic: string) => /^\$SYS(\/|$)/.test(topic);
          for (const { topic } of published) {
            if (!isBrokers(topic) && before!.publish(topic).allowed) expect(after!.publish(topic).allowed).toBe(true);
          }
          for (const { topic } of subscribed) {
            if (before!.subscribe(topic).allowed) expect(after!.subscribe(topic).allowed).toBe(true);
          }
        }
        if (uses.length > 1) return;
        const { identity } = uses[0]!;
        const [before, after] = [compilePolicy(policy), least].map((each) => each.grantsFor(identity, NOW_MS));
        for (const topic of worldTopics) {
          if (after!.publish(topic).allowed) expect(before!.publish(topic).allowed).toBe(true);
        }
        const received = (
          { allowed, exclusions }: ReturnType<NonNullable<typeof before>['subscribe']>,
          filter: string,
        ) => (allowed ? topicSet(filter) & ~exclusions.map(topicSet).reduce((all, set) => all | set, 0n) : 0n);
        for (const { topic } of uses[0]!.subscribed) {
          expect(received(before!.subscribe(topic), topic) & ~received(after!.subscribe(topic), topic)).toBe(0n);
        }
      }),
      { numRuns: 200 },
    );
    expect(suggested).toBeGreaterThan(100);
  });
});
