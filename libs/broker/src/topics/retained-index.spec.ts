import { expect, test } from 'vitest';
import type { Message } from '../message.js';
import { RetainedIndex } from './retained-index.js';

const aMessage = (topic: string) => ({ topic, payload: Buffer.from('x') }) as Message;

test('what was deleted leaves nothing behind', () => {
  const [index, other] = [new RetainedIndex(), new RetainedIndex()];
  const topics = ['a', 'a/b', 'a/b/c', '/', '//', 'a/', 'b/b/c', '$SYS/x', 'x/'.repeat(127)];
  for (const topic of topics) {
    index.set(aMessage(topic));
    other.set(aMessage('another'));
  }
  for (const topic of topics) expect(index.delete(topic)).toBe(true);
  other.delete('another');
  expect(index).toEqual(other);
});

test('a filter that matches nothing among many does not hold up the turn in which it is asked', () => {
  const index = new RetainedIndex();
  for (let i = 0; i < 20_000; i++) index.set(aMessage(`t/${i}`));
  const found = [...index.search('+/+/x')];
  expect(found.filter((message) => message !== null)).toEqual([]);
  expect(found.length).toBeGreaterThanOrEqual(4);
});
