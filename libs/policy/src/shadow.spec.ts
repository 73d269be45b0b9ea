import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import type { Policy } from './rule.js';
import { type ShadowDifference, shadowPolicy } from './shadow.js';
import { anyClient, anyOwnRules, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { aClient, aPolicy } from './testing/factories.js';
import type { SubscribeVerdict, Verdict } from './verdict.js';
import { worldFilters, worldTopics } from './testing/oracle.js';

function shadowed(live: Policy, draft: Policy | null = null, client = aClient()) {
  const differences: ShadowDifference[] = [];
  const policy = shadowPolicy(live, draft) ?? live;
  const compiled = compilePolicy(live, { policy, differs: (difference) => differences.push(difference) });
  const told = () =>
    differences.splice(0).map(({ change, ruleId, action, topic }) => `${action} ${topic}: ${change} by ${ruleId}`);
  return { grants: compiled.grantsFor(client, NOW_MS), told };
}

/** What a verdict means for the client, whoever decided it. */
const meaning = (verdict: Verdict | SubscribeVerdict) =>
  JSON.stringify([verdict.allowed, 'exclusions' in verdict ? [...new Set(verdict.exclusions)].sort() : []]);

describe('what is judged beside the live policy', () => {
  test('is the draft, or the live policy with its shadow rules enforced, or nothing', () => {
    const live = aPolicy([{ mode: 'shadow', effect: 'deny', topics: ['a'] }, {}]);
    const draft = aPolicy([{ topics: ['b'] }]);
    expect(shadowPolicy(live, draft)).toBe(draft);
    expect(shadowPolicy(live, null)?.rules.map(({ mode }) => mode)).toEqual(['enforce', 'enforce']);
    expect(shadowPolicy(aPolicy([{}]), null)).toBeNull();
    expect(shadowPolicy(aPolicy([{ mode: 'shadow', enabled: false }]), null)).toBeNull();
    expect(shadowPolicy(aPolicy([{ mode: 'shadow', topics: ['a#'] }]), null)).toBeNull();
  });
});

describe('a shadow', () => {
  test('enforces nothing and tells what it would have refused or allowed, and by which rule', () => {
    const live = aPolicy([
      { mode: 'shadow', effect: 'deny', topics: ['a/secret'] },
      { topics: ['a/#'] },
      { mode: 'shadow', topics: ['b'] },
    ]);
    const { grants, told } = shadowed(live);
    expect(grants.publish('a/secret')).toMatchObject({ allowed: true, ruleId: 'r2' });
    expect(told()).toEqual(['publish a/secret: refused by r1']);
    expect(grants.publish('b')).toMatchObject({ allowed: false, ruleId: null });
    expect(told()).toEqual(['publish b: allowed by r3']);
    expect(grants.subscribe('a/#')).toMatchObject({ allowed: true, exclusions: [] });
    expect(told()).toEqual(['subscribe a/#: narrowed by r1']);
    grants.publish('a/open');
    grants.publish('c');
    grants.publish('$SYS/x');
    grants.subscribe('a#');
    expect(told()).toEqual([]);
  });

  test('that allows more tells what would be cut out no longer', () => {
    const live = aPolicy([{ effect: 'deny', topics: ['a/b'] }, { topics: ['#'] }]);
    const { grants, told } = shadowed(live, aPolicy([{ id: 'open', topics: ['#'] }]));
    grants.subscribe('a/#');
    expect(told()).toEqual(['subscribe a/#: widened by open']);
  });

  test('is asked once while the live verdict is remembered', () => {
    const { grants, told } = shadowed(aPolicy([{ mode: 'shadow', topics: ['a'] }]));
    for (let n = 0; n < 5; n += 1) grants.publish('a');
    expect(told()).toHaveLength(1);
  });

  test('is judged until the next instant at which either of the two changes', () => {
    const live = aPolicy([{ validUntil: '2031-01-01T00:00:00Z' }]);
    const ending = (validUntil: string) => aPolicy([{ validUntil }]);
    expect(shadowed(live, ending('2030-06-01T00:00:00Z')).grants.validUntil).toBe(Date.parse('2030-06-01T00:00:00Z'));
    expect(shadowed(live, ending('2032-06-01T00:00:00Z')).grants.validUntil).toBe(Date.parse('2031-01-01T00:00:00Z'));
    expect(shadowed(aPolicy([]), aPolicy([])).grants.validUntil).toBeNull();
  });

  test('changes no live verdict, and tells exactly of those that the other policy decides otherwise', () => {
    const anyAsked = fc.array(fc.constantFrom(...worldFilters, ...worldTopics), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyClient, anyOwnRules, anyAsked, (live, draft, client, own, asked) => {
        const told = new Set<string>();
        const differs = ({ action, topic }: ShadowDifference) => told.add(`${action} ${topic}`);
        const watched = compilePolicy(live, { policy: draft, differs }).grantsFor(client, NOW_MS, own);
        const plain = compilePolicy(live).grantsFor(client, NOW_MS, own);
        const other = compilePolicy(draft).grantsFor(client, NOW_MS, own);
        for (const action of ['publish', 'subscribe'] as const) {
          for (const topic of asked) {
            const verdict = plain[action](topic);
            expect(watched[action](topic)).toEqual(verdict);
            expect(told.has(`${action} ${topic}`)).toBe(meaning(verdict) !== meaning(other[action](topic)));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
