import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { impactOf, impactSteps } from './impact.js';
import type { ImpactClient } from './impact-change.js';
import type { Policy, Rule } from './rule.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import { topicSet, worldFilters, worldTopics } from './testing/oracle.js';

const watching = (clientId: string, ...subscriptions: string[]): ImpactClient => ({
  ...{ identity: aClient({ clientId }), subscriptions, will: null, published: [] },
});

const impact = (saved: Partial<Rule>[], draft: Partial<Rule>[], ...clients: ImpactClient[]) =>
  impactOf({ saved: aPolicy(saved), draft: aPolicy(draft), clients, nowMs: NOW_MS });

const zero = { loses: 0, narrowed: 0, gains: 0, widened: 0 };

describe('impact', () => {
  test('who loses a subscription, by which rule, and who does not notice', () => {
    const all = { id: 'all' };
    const no = { id: 'no', effect: 'deny', topics: ['a/#'] } as const;
    const found = impact([all], [no, all], watching('one', 'a/1', 'b'), watching('two', 'b'));
    expect(found.clients).toEqual({ total: 2, losing: 1, gaining: 0, unaffected: 1 });
    expect(found.totals.subscription).toEqual({ ...zero, loses: 1, unaffected: 2 });
    const change = { subject: 'subscription', kind: 'loses', topic: 'a/1', before: 'all', after: 'no', cause: 'no' };
    expect(found.losing).toMatchObject([{ identity: { clientId: 'one' }, changes: [change], count: 1 }]);
    expect(found.rules).toEqual([{ ruleId: 'no', counts: { ...zero, loses: 1 }, clients: 1 }]);
  });

  test('wills and recent topics, won and lost', () => {
    const client = { ...watching('one'), will: 'last/words', published: ['a', 'b'] };
    const found = impact([{ topics: ['a', 'last/+'] }], [{ topics: ['b'] }], client);
    expect(found.totals.will).toEqual({ ...zero, loses: 1, unaffected: 0 });
    expect(found.totals.publish).toEqual({ ...zero, loses: 1, gains: 1, unaffected: 0 });
    expect(found.clients).toEqual({ total: 1, losing: 1, gaining: 1, unaffected: 0 });
    expect(found.gaining[0]?.changes).toMatchObject([{ kind: 'gains', topic: 'b', before: null, after: 'r1' }]);
  });

  test('what is cut out of a wider subscription from now on, and what no more', () => {
    const deny = (id: string, topic: string) => ({ id, effect: 'deny', topics: [topic] }) as const;
    const all = { id: 'all' };
    const found = impact([deny('x', 'a/#'), all], [deny('y', 'b/#'), deny('z', 'a/b'), all], watching('one', '#'));
    expect(found.losing[0]?.changes).toMatchObject([
      { kind: 'narrowed', topic: '#', excluded: ['b/#'], readmitted: ['a/#'], cause: 'y' },
    ]);
    const back = impact([deny('x', 'a/#'), all], [all], watching('one', '#', 'b'));
    expect(back.gaining[0]?.changes).toMatchObject([{ kind: 'widened', readmitted: ['a/#'], cause: 'x' }]);
    expect(back.totals.subscription).toEqual({ ...zero, widened: 1, unaffected: 1 });
  });

  test('a setting is nobody’s rule', () => {
    const query = { saved: aPolicy([], { noMatch: 'allow' }), draft: aPolicy([]), nowMs: NOW_MS };
    const found = impactOf({ ...query, clients: [watching('one', 'a')] });
    expect(found.rules).toEqual([{ ruleId: null, counts: { ...zero, loses: 1 }, clients: 1 }]);
  });

  test('lists are bounded, totals are not', () => {
    const clients = Array.from({ length: 1200 }, (_, index) => watching(`c${index}`, 'a', 'b', 'c'));
    const query = { saved: aPolicy([{}]), draft: aPolicy([]), clients, nowMs: NOW_MS, listLimit: 2 };
    const found = impactOf(query);
    expect(found.losing.map(({ changes, count }) => [changes.length, count])).toEqual([...[[2, 3]], ...[[2, 3]]]);
    expect(found).toMatchObject({ clients: { losing: 1200 }, totals: { subscription: { loses: 3600 } } });
    expect([...impactSteps(query)]).toEqual([...[500, 1000].map((done) => ({ done, total: 1200 }))]);
  });

  test('is what judging everything twice finds, whatever changed', () => {
    let turned = 0;
    fc.assert(
      fc.property(anyEdits, fc.array(anyImpactClient, { minLength: 4, maxLength: 8 }), ({ saved, draft }, clients) => {
        const found = impactOf({ saved, draft, clients, nowMs: NOW_MS });
        const [before, after] = [compilePolicy(saved), compilePolicy(draft)];
        const expected = { subscription: { ...zero }, will: { ...zero }, publish: { ...zero } };
        for (const { identity, own, subscriptions, will, published } of clients) {
          const [was, is] = [before.grantsFor(identity, NOW_MS, own), after.grantsFor(identity, NOW_MS, own)];
          for (const filter of subscriptions) {
            const [old, now] = [was.subscribe(filter), is.subscribe(filter)];
            const cut = ({ exclusions }: typeof old) =>
              exclusions.map(topicSet).reduce((all, set) => all | set, 0n) & topicSet(filter);
            if (old.allowed !== now.allowed) expected.subscription[now.allowed ? 'gains' : 'loses'] += 1;
            else if (now.allowed && (cut(now) & ~cut(old)) !== 0n) expected.subscription.narrowed += 1;
            else if (now.allowed && (cut(old) & ~cut(now)) !== 0n) expected.subscription.widened += 1;
          }
          const topics = published.map((topic) => ({ subject: 'publish' as const, topic }));
          for (const { subject, topic } of will === null
            ? topics
            : [...topics, { subject: 'will' as const, topic: will }]) {
            const [old, now] = [was.publish(topic), is.publish(topic)];
            if (old.allowed !== now.allowed) expected[subject][now.allowed ? 'gains' : 'loses'] += 1;
          }
        }
        expect(found.totals).toMatchObject(expected);
        turned += found.clients.losing + found.clients.gaining;
      }),
      { numRuns: 500 },
    );
    expect(turned).toBeGreaterThan(50);
  });
});

const anyOwn = fc.record({
  rules: anyPolicy.map(({ rules }) => rules.slice(0, 2)),
  place: fc.constantFrom('before' as const, 'after' as const),
});

const anyImpactClient: fc.Arbitrary<ImpactClient> = fc.record({
  identity: anyClient,
  own: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, anyOwn),
  subscriptions: fc.array(fc.constantFrom(...worldFilters), { minLength: 2, maxLength: 8 }),
  will: fc.constantFrom(null, ...worldTopics),
  published: fc.array(fc.constantFrom(...worldTopics), { maxLength: 6 }),
});

/** A policy, and the same after a few rules went, came, moved, changed or were switched. */
const anyEdits: fc.Arbitrary<{ saved: Policy; draft: Policy }> = fc
  .record({
    saved: anyPolicy,
    other: anyPolicy,
    picks: fc.array(fc.tuple(fc.nat(), fc.nat(4)), { minLength: 2, maxLength: 5 }),
  })
  .map(({ saved, other, picks }) => {
    const rules = picks.reduce<readonly Rule[]>((made, [pick, kind], index) => {
      const at = pick % (made.length || 1);
      const fresh = other.rules[at];
      if (kind === 0) return made.toSpliced(at, 1);
      if (kind === 1) return fresh === undefined ? made : made.toSpliced(at, 0, { ...fresh, id: `n${index}` });
      if (kind === 2) return [...made.slice(at), ...made.slice(0, at)];
      const changed = (rule: Rule) =>
        kind === 3 ? { ...rule, enabled: !rule.enabled } : { ...fresh, ...rule, topics: fresh?.topics ?? [] };
      return made.map((rule, place) => (place === at ? changed(rule) : rule));
    }, saved.rules);
    return { saved, draft: { rules, settings: saved.settings } };
  });
