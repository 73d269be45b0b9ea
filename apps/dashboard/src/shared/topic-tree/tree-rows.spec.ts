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
const rowsOf = (expanded: string[], byActivity = false) =>
  treeRows({
    branchOf: (topic) => branches[JSON.stringify(topic)] ?? { data: undefined, error: null },
    expanded: new Set(expanded),
    byActivity,
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

test('by activity, what was retained last comes first', () => {
  expect(rowsOf([], true).map(([topic]) => topic)).toEqual(['b', 'a']);
});

test.each([
  ['pl', { parent: null, prefix: 'pl' }],
  ['plant/', { parent: 'plant', prefix: '' }],
  ['plant/1/te', { parent: 'plant/1', prefix: 'te' }],
  ['/x', { parent: '', prefix: 'x' }],
])('%s begins the tree there', (find, start) => {
  expect(startOf(find)).toEqual(start);
});
