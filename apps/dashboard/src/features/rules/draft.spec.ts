import type { Rule } from '@perch/policy';
import { expect, test } from 'vitest';
import { type Draft, type DraftAction, draftOf, draftReducer, isSameContent, UNDO_LIMIT } from './draft.js';
import { aRule, aSavedPolicy, aTest, rulesNamed } from './testing/rule-factories.js';

const start = () => draftOf(aSavedPolicy(rulesNamed('a', 'b', 'c')));
const after = (draft: Draft, ...actions: DraftAction[]) => actions.reduce(draftReducer, draft);
const order = (draft: Draft) => draft.content.rules.map((rule) => rule.id).join('');

test('an edit can be taken back and done again', () => {
  const edited = after(start(), { type: 'remove', id: 'b' });
  expect(order(edited)).toBe('ac');
  const undone = after(edited, { type: 'undo' });
  expect(order(undone)).toBe('abc');
  expect(order(after(undone, { type: 'redo' }))).toBe('ac');
});

test('an edit after undo forgets what could have been done again', () => {
  const draft = after(start(), { type: 'remove', id: 'b' }, { type: 'undo' }, { type: 'remove', id: 'c' });
  expect(draft.future).toEqual([]);
  expect(order(draft)).toBe('ab');
});

test('an edit that changes nothing is not a step', () => {
  const draft = start();
  expect(after(draft, { type: 'change', id: 'a', patch: { effect: 'allow' } })).toBe(draft);
  expect(after(draft, { type: 'move', ids: ['b'], to: 1 })).toBe(draft);
});

test('two hundred steps can be taken back, not more', () => {
  let draft = start();
  for (let n = 0; n < UNDO_LIMIT + 50; n += 1)
    draft = after(draft, { type: 'change', id: 'a', patch: { note: `${n}` } });
  for (let n = 0; n < UNDO_LIMIT + 50; n += 1) draft = after(draft, { type: 'undo' });
  expect(draft.content.rules[0]?.note).toBe('49');
});

test('a duplicate stands right below its original', () => {
  expect(order(after(start(), { type: 'duplicate', id: 'a', copyId: 'x' }))).toBe('axbc');
});

test('several rules move together and keep their order', () => {
  expect(order(after(start(), { type: 'move', ids: ['c', 'a'], to: 1 }))).toBe('bac');
});

test('discarding returns to the saved rules and can itself be taken back', () => {
  const discarded = after(start(), { type: 'remove', id: 'a' }, { type: 'discard' });
  expect(order(discarded)).toBe('abc');
  expect(order(after(discarded, { type: 'undo' }))).toBe('bc');
});

test('a draft kept on top of a newer revision says what it said before', () => {
  const saved = aSavedPolicy([aRule({ id: 'z' })], 2);
  const mine = after(start(), { type: 'remove', id: 'a' });
  const kept = after(mine, { type: 'rebase', saved, content: mine.content });
  expect(order(kept)).toBe('bc');
  expect(kept.saved.revision).toBe(2);
  expect(order(after(mine, { type: 'rebase', saved, content: null }))).toBe('z');
});

test('access tests are part of the draft, and of what can be taken back', () => {
  const tested = after(start(), { type: 'tests', tests: [aTest()] });
  expect(isSameContent(tested.content, tested.saved)).toBe(false);
  expect(after(tested, { type: 'undo' }).content.tests).toEqual([]);
});

test('a rule that was put in and withdrawn leaves no step, and what was edited beside it stays', () => {
  const added = after(start(), { type: 'insert', at: 1, rules: [aRule({ id: 'x' })] });
  expect(after(added, { type: 'withdraw', id: 'x' })).toEqual(start());
  const edited = after(added, { type: 'remove', id: 'c' }, { type: 'withdraw', id: 'x' });
  expect(order(edited)).toBe('ab');
  expect(order(after(edited, { type: 'undo' }))).toBe('axb');
});

test('removed rules come back to their places, and those that are back already only once', () => {
  const [a, b, c] = rulesNamed('a', 'b', 'c') as [Rule, Rule, Rule];
  const removed = [
    { at: 0, rule: a },
    { at: 2, rule: c },
  ];
  const without = after(start(), { type: 'replace', rules: [b] });
  expect(order(after(without, { type: 'putBack', removed }))).toBe('abc');
  expect(order(after(without, { type: 'undo' }, { type: 'putBack', removed }))).toBe('abc');
});
