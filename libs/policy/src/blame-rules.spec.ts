import { describe, expect, test } from 'vitest';
import { type BlamedRevision, blameRules, BlameSearch } from './blame-rules.js';
import type { Rule } from './rule.js';
import { aRule } from './testing/factories.js';

const [a, b, c] = ['a', 'b', 'c'].map((id) => aRule({ id, topics: [id] })) as [Rule, Rule, Rule];
const noted: Rule = { ...a, note: 'why' };

/** Revisions of these rules, newest first. */
function history(...oldestFirst: Rule[][]): BlamedRevision[] {
  return oldestFirst
    .map((rules, index) => ({ revision: index + 1, author: `u${index + 1}`, message: '', createdAt: '', rules }))
    .reverse();
}

const told = (revisions: Iterable<BlamedRevision>) =>
  blameRules(revisions).map(
    ({ ruleId, created, changed }) => `${ruleId} ${created?.author ?? '?'} ${changed?.author ?? '?'}`,
  );

describe('blame', () => {
  test('names who made each rule and who changed it last', () => {
    expect(told(history([a], [a, b], [noted, b], [noted, b, c]))).toEqual(['a u1 u3', 'b u2 u2', 'c u4 u4']);
  });

  test('a move is a change of the rule that moved, not of those that it passed', () => {
    expect(told(history([a, b, c], [c, a, b]))).toEqual(['c u1 u2', 'a u1 u1', 'b u1 u1']);
  });

  test('a change that was taken back is a change', () => {
    expect(told(history([a], [noted], [a]))).toEqual(['a u1 u3']);
  });

  test('a rule that was away for a while is new since it came back', () => {
    expect(told(history([a, b], [b], [a, b]))).toEqual(['a u3 u3', 'b u1 u1']);
  });

  test('what lies before the oldest revision given stays open', () => {
    expect(told(history([a, b], [a, b], [noted, b]).slice(0, 2))).toEqual(['a ? u3', 'b ? ?']);
    expect(told([])).toEqual([]);
  });

  test('reads no further than it must', () => {
    const read: number[] = [];
    function* counted() {
      for (const revision of history([a], [a], [b], [b, c])) {
        read.push(revision.revision);
        yield revision;
      }
    }
    expect(told(counted())).toEqual(['b u3 u3', 'c u4 u4']);
    expect(read).toEqual([4, 3, 2]);
    expect(new BlameSearch(history([])[0]!).isDone).toBe(true);
  });
});
