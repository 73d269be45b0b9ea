import { expect, test } from 'vitest';
import type { TopicNode } from '../api/generated/types.gen.js';
import { type Branch, startOf, treeRows } from './tree-rows.js';

const aNode = (topic: string, counts: Partial<TopicNode> = {}): TopicNode => ({
  topic,
  level: topic.split('/').at(-1) ?? '',
  subscribers: 0,
  subscribersBelow: 0,
  retainedBelow: 0,
  updatedAt: null,
  ...counts,
});
const known = (...items: TopicNode[]): Branch => ({ data: { items, more: false }, error: null });
const branches: Record<string, Branch> = {
  null: known(aNode('a', { retainedBelow: 2 }), aNode('b', { updatedAt: '2026-01-01T00:00:00Z' })),
  '"a"': { data: { items: [aNode('a/1')], more: true }, error: null },
};
const rowsOf = (expanded: string[], activity: ReadonlyMap<string, number | null> | null = null) =>
  treeRows({
    branchOf: (topic) => branches[JSON.stringify(topic)] ?? { data: undefined, error: null },
    expanded: new Set(expanded),
    activity,
  }).map((row) => [row.kind === 'node' ? row.node.topic : row.kind, row.depth]);

test('open branches are unfolded, and say where there is more', () => {
  expect(rowsOf([])).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
  expect(rowsOf(['a', 'b'])).toEqual([
    ['a', 0],
    ['a/1', 1],
    ['more', 1],
    ['b', 0],
  ]);
});

test('by activity, most messages a second come first, and what was retained last where that is not known', () => {
  const topicsBy = (rates: [string, number | null][]) => rowsOf([], new Map(rates)).map(([topic]) => topic);
  expect(topicsBy([])).toEqual(['b', 'a']);
  expect(topicsBy([['a', 0.5]])).toEqual(['a', 'b']);
  expect(
    topicsBy([
      ['a', 0.5],
      ['b', 2],
    ]),
  ).toEqual(['b', 'a']);
  expect(
    topicsBy([
      ['a', 0],
      ['b', null],
    ]),
  ).toEqual(['b', 'a']);
});

test.each([
  ['pl', { parent: null, prefix: 'pl' }],
  ['plant/', { parent: 'plant', prefix: '' }],
  ['plant/1/te', { parent: 'plant/1', prefix: 'te' }],
  ['/x', { parent: '', prefix: 'x' }],
])('%s begins the tree there', (find, start) => {
  expect(startOf(find)).toEqual(start);
});
