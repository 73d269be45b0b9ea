import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { anyClient, anyLongPolicy, anyOwnRules, anyPolicy, NOW_MS } from './testing/arbitraries.js';
import type { JudgedTopic, Verdict } from './verdict.js';
import { aClient, aPolicy } from './testing/factories.js';
import {
  oracleJudge,
  oracleMatches,
  type OracleVerdict,
  topicSet,
  worldFilters,
  worldTopics,
} from './testing/oracle.js';

const essence = ({ allowed, ruleId, by }: Verdict) => [allowed, ruleId, by];

/** `/#` and `/+/#` are two spellings of one exclusion. */
const comparable = ({ allowed, ruleId, by, exclusions }: OracleVerdict) => [
  ...[allowed, ruleId, by],
  ...exclusions.map(topicSet),
];

const newJudgedTopic = (): JudgedTopic => ({ judgedBy: null, verdict: null });

const anyTopic = fc.constantFrom(...worldTopics);
const anyWanted = fc.constantFrom(...worldFilters);

describe.each([
  ['a short policy', anyPolicy, 120],
  ['a long policy', anyLongPolicy, 40],
])('grants of %s, against a judge that reads the list from the top every time', (_, anyRules, numRuns) => {
  test('decide every publish alike, also when asked again', () => {
    fc.assert(
      fc.property(
        anyRules,
        anyClient,
        anyOwnRules,
        fc.array(anyTopic, { minLength: 40, maxLength: 60 }),
        (policy, client, own, topics) => {
          const grants = compilePolicy(policy).grantsFor(client, NOW_MS, own);
          const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS }, own);
          const asked = [...topics, ...topics.slice(-10)];
          const found = asked.map((topic) => grants.publish(topic)).map(essence);
          const expected = asked.map((topic) => oracle.publish(topic)).map(essence);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns },
    );
  });

  test('decide every publish alike where clients share what is known of topics, also under another policy and later', () => {
    fc.assert(
      fc.property(
        fc.array(anyRules, { minLength: 2, maxLength: 2 }),
        fc.array(fc.tuple(anyClient, anyOwnRules), { minLength: 3, maxLength: 3 }),
        fc.array(anyTopic, { minLength: 10, maxLength: 10 }),
        (policies, clients, topics) => {
          const known = new Map(worldTopics.map((topic) => [topic, newJudgedTopic()]));
          for (const policy of [...policies, ...policies]) {
            const compiled = compilePolicy(policy);
            for (const nowMs of [NOW_MS, NOW_MS + 5 * 365 * 86_400_000]) {
              for (const [client, own] of clients) {
                const grants = compiled.grantsFor(client, nowMs, own);
                const oracle = oracleJudge(policy, { ...client, nowMs }, own);
                const found = topics.map((topic) => grants.publish(topic, known.get(topic)));
                expect(found.map(essence)).toEqual(topics.map((topic) => essence(oracle.publish(topic))));
              }
            }
          }
        },
      ),
      { numRuns },
    );
  });

  test('decide every subscription alike, exclusions included', () => {
    fc.assert(
      fc.property(
        anyRules,
        anyClient,
        anyOwnRules,
        fc.array(anyWanted, { minLength: 20, maxLength: 30 }),
        (policy, client, own, filters) => {
          const grants = compilePolicy(policy).grantsFor(client, NOW_MS, own);
          const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS }, own);
          const found = filters.map((filter) => grants.subscribe(filter));
          expect(found.map(comparable)).toEqual(filters.map((filter) => comparable(oracle.subscribe(filter))));
          expect(filters.map((filter) => grants.subscribe(`$share/group/${filter}`))).toEqual(found);
          const unnamed = found.filter(({ exclusions, excludedBy }) => exclusions.length !== excludedBy.length);
          expect(unnamed).toEqual([]);
        },
      ),
      { numRuns },
    );
  });

  test('a granted subscription never delivers a topic that a subscription to it alone would be refused', () => {
    fc.assert(
      fc.property(anyRules, anyClient, anyOwnRules, anyWanted, (policy, client, own, filter) => {
        const { allowed, exclusions } = compilePolicy(policy).grantsFor(client, NOW_MS, own).subscribe(filter);
        fc.pre(allowed);
        const oracle = oracleJudge(policy, { ...client, nowMs: NOW_MS }, own);
        const delivered = worldTopics.filter(
          (topic) => oracleMatches(filter, topic) && !exclusions.some((each) => oracleMatches(each, topic)),
        );
        expect(delivered.filter((topic) => !oracle.subscribe(topic).allowed)).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('change at validUntil and at no instant before it', () => {
    fc.assert(
      fc.property(
        anyRules,
        anyClient,
        anyOwnRules,
        fc.array(anyTopic, { minLength: 20, maxLength: 20 }),
        (policy, client, own, topics) => {
          const compiled = compilePolicy(policy);
          const { validUntil } = compiled.grantsFor(client, NOW_MS, own);
          const lastMs = validUntil === null ? NOW_MS + 10 * 365 * 86_400_000 : validUntil - 1;
          const [now, last] = [compiled.grantsFor(client, NOW_MS, own), compiled.grantsFor(client, lastMs, own)];
          expect(topics.map((topic) => [last.publish(topic), last.subscribe(topic)])).toEqual(
            topics.map((topic) => [now.publish(topic), now.subscribe(topic)]),
          );
        },
      ),
      { numRuns },
    );
  });
});

test('what a rule says of a topic without a look at the client is known for all of whom the same rules speak', () => {
  const compiled = compilePolicy(
    aPolicy([
      { topics: ['own/%c/#'] },
      { topics: ['until/#'], validUntil: '2031-01-01T00:00:00Z' },
      { subject: 'username', value: 'b', topics: ['plain/b'] },
      { topics: ['plain/#', 'own/#', 'until/#'] },
    ]),
  );
  const judge = (topic: string, username: string) => {
    const known = newJudgedTopic();
    compiled.grantsFor(aClient({ clientId: 'one', username }), NOW_MS).publish(topic, known);
    return known.judgedBy;
  };
  const ofA = judge('plain/x', 'a');
  expect(ofA).not.toBeNull();
  expect(judge('plain/y', 'c')).toBe(ofA);
  expect(judge('plain/x', 'b')).not.toBe(ofA);
  expect(judge('own/one/x', 'a')).toBeNull();
  expect(judge('own/two/x', 'a')).toBeNull();
  expect(judge('until/x', 'a')).toBeNull();
});
