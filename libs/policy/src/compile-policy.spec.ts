import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { anyClient, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import { oracleJudge, oracleMatches, topicSet, worldFilters, worldTopics } from './testing/oracle.js';

/** `/#` and `/+/#` are two spellings of one exclusion. */
function withTopicSets<T extends { exclusions: readonly string[] }>(verdict: T) {
  return { ...verdict, exclusions: verdict.exclusions.map(topicSet) };
}

const anyTopic = fc.constantFrom(...worldTopics);
const anyWanted = fc.constantFrom(...worldFilters);

describe('grants, against a judge that reads the list from the top every time', () => {
  test('decide every publish alike, also when asked again', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        fc.array(anyTopic, { minLength: 40, maxLength: 60 }),
        (policy, client, topics) => {
          const grants = compilePolicy(policy).grantsFor(client, NOW_MS);
          const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS });
          for (const topic of [...topics, ...topics.slice(-10)]) {
            const { allowed, ruleId } = grants.publish(topic);
            const { exclusions: _, ...expected } = oracle.publish(topic);
            expect({ topic, allowed, ruleId }).toEqual({ topic, ...expected });
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('decide every subscription alike, exclusions included', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        fc.array(anyWanted, { minLength: 20, maxLength: 30 }),
        (policy, client, filters) => {
          const grants = compilePolicy(policy).grantsFor(client, NOW_MS);
          const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS });
          for (const filter of filters) {
            const { excludedBy, ...verdict } = grants.subscribe(filter);
            expect({ filter, ...withTopicSets(verdict) }).toEqual({
              filter,
              ...withTopicSets(oracle.subscribe(filter)),
            });
            expect(excludedBy).toHaveLength(verdict.exclusions.length);
            expect(grants.subscribe(`$share/group/${filter}`)).toEqual({ ...verdict, excludedBy });
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a granted subscription never delivers a topic that a subscription to it alone would be refused', () => {
    fc.assert(
      fc.property(anyPolicy, anyClient, anyWanted, (policy, client, filter) => {
        const { allowed, exclusions } = compilePolicy(policy).grantsFor(client, NOW_MS).subscribe(filter);
        fc.pre(allowed);
        const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS });
        const delivered = worldTopics.filter(
          (topic) => oracleMatches(filter, topic) && !exclusions.some((each) => oracleMatches(each, topic)),
        );
        expect(delivered.filter((topic) => !oracle.subscribe(topic).allowed)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('change at validUntil and at no instant before it', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyClient,
        fc.array(anyTopic, { minLength: 20, maxLength: 20 }),
        (policy, client, topics) => {
          const compiled = compilePolicy(policy);
          const { validUntil } = compiled.grantsFor(client, NOW_MS);
          const lastMs = validUntil === null ? NOW_MS + 10 * 365 * 86_400_000 : validUntil - 1;
          const [now, last] = [compiled.grantsFor(client, NOW_MS), compiled.grantsFor(client, lastMs)];
          for (const topic of topics) {
            expect(last.publish(topic)).toEqual(now.publish(topic));
            expect(last.subscribe(topic)).toEqual(now.subscribe(topic));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
