import { expect, test } from 'vitest';
import { replaceBlock } from './docs.js';

test('what is between the marks is replaced, and nothing else', () => {
  const document = 'a\n<!-- tables -->\nold\n<!-- /tables -->\nb\n';
  const once = replaceBlock(document, 'tables', 'new');
  expect(once).toBe('a\n<!-- tables -->\n\nnew\n\n<!-- /tables -->\nb\n');
  expect(replaceBlock(once, 'tables', 'new')).toBe(once);
});

test('a document without the marks is left as it is', () => {
  expect(() => replaceBlock('a', 'tables', 'new')).toThrow(/no place for tables/);
});
