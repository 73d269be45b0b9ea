import { expect, test } from 'vitest';
import { applyEdit, moveRules, type PolicyEdit } from './policy-edit.js';
import { aRule } from './testing/factories.js';

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const moved = (ids: string[], to: number) =>
  moveRules(items, ids, to)
    .map((item) => item.id)
    .join('');

test.each([
  [['a'], 3, 'bcda'],
  [['d'], 0, 'dabc'],
  [['b'], 2, 'acbd'],
  [['a', 'c'], 1, 'bacd'],
  [['a'], 99, 'bcda'],
  [['d'], -5, 'dabc'],
])('%j to %i gives %s', (ids, to, expected) => {
  expect(moved(ids, to)).toBe(expected);
});

test.each<[PolicyEdit, string]>([
  [{ type: 'insert', at: 1, rules: [aRule({ id: 'n' })] }, 'anbc'],
  [{ type: 'remove', id: 'b' }, 'ac'],
  [{ type: 'move', ids: ['c'], to: 0 }, 'cab'],
  [{ type: 'change', id: 'b', patch: { note: '!' } }, 'ab!c'],
  [{ type: 'remove', id: 'gone' }, 'abc'],
])('%j', (edit, expected) => {
  const rules = ['a', 'b', 'c'].map((id) => aRule({ id }));
  expect(
    applyEdit(rules, edit)
      .map(({ id, note }) => id + note)
      .join(''),
  ).toBe(expected);
});
