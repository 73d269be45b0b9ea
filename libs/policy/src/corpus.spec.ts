import { describe, expect, test } from 'vitest';
import { compilePolicy } from './compile-policy.js';
import { explain } from './explain.js';
import type { Policy } from './rule.js';
import { corpus } from './testing/corpus/corpus.js';
import { CORPUS_NOW_MS } from './testing/corpus/corpus-group.js';
import { type JudgedCase, readGroup } from './testing/corpus/read-corpus.js';
import { aRule } from './testing/factories.js';
import type { Verdict } from './verdict.js';

/** As many more rules that speak of nothing that is asked: then the same rules are looked up in a tree. */
const others = Array.from({ length: 10 }, (_, n) => aRule({ id: `other ${n}`, topics: [`nothing/like/it/${n}`] }));

function judge({ own, client, action, topic }: JudgedCase, policy: Policy): string[] {
  const grants = compilePolicy(policy).grantsFor(client, CORPUS_NOW_MS, own);
  if (action === 'publish') return [decisionOf(grants.publish(topic))];
  const verdict = grants.subscribe(topic);
  return [
    decisionOf(verdict),
    ...verdict.exclusions.map((filter, index) => `${filter} by ${verdict.excludedBy[index]}`),
  ];
}

function decisionOf({ allowed, ruleId, by }: Verdict): string {
  return `${allowed ? 'allow' : 'deny'} ${ruleId ?? by}`;
}

test('the corpus has at least 300 judged cases, none of them twice', () => {
  const titles = corpus.flatMap((group) => readGroup(group).map(({ title }) => `${group.name}: ${title}`));
  expect(titles.length).toBeGreaterThanOrEqual(300);
  expect(new Set(titles).size).toBe(titles.length);
});

describe.each(corpus)('$name', (group) => {
  test.each(readGroup(group))('$title: $decision', (asked) => {
    const { policy, own, client, action, topic, decision, cuts } = asked;
    expect(judge(asked, policy)).toEqual([decision, ...cuts]);
    expect(judge(asked, { ...policy, rules: [...policy.rules, ...others] })).toEqual([decision, ...cuts]);
    const explained = explain(policy, client, action, topic, CORPUS_NOW_MS, own);
    const filters = cuts.map((cut) => cut.slice(0, cut.lastIndexOf(' by ')));
    expect([decisionOf(explained), ...explained.exclusions]).toEqual([decision, ...filters]);
  });
});
