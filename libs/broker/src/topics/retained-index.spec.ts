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

test('many beside one another come in order, page by page, each once', () => {
  const index = new RetainedIndex();
  const names = Array.from({ length: 5_000 }, (_, i) => `t/${(i * 7_919) % 5_000}`);
  for (const topic of names) index.set(aMessage(topic));
  const read: string[] = [];
  for (let after: string | null = null; ; after = read.at(-1) ?? null) {
    const page = [];
    for (const message of index.inOrder('t/+', after)) {
      if (message && page.push(message.topic) === 300) break;
    }
    if (page.length === 0) break;
    read.push(...page);
  }
  expect(read).toEqual(names.toSorted());
});

test('what is set and deleted while a walk in order is read does not break it', () => {
  const index = new RetainedIndex();
  for (const topic of ['a', 'b/x', 'c', 'd']) index.set(aMessage(topic));
  const walk = index.inOrder('#', null)[Symbol.iterator]();
  const next = () => (walk.next().value as Message | undefined)?.topic;
  expect(next()).toBe('a');
  index.delete('b/x');
  index.delete('c');
  index.set(aMessage('d/late'));
  expect([next(), next(), next()]).toEqual(['d', 'd/late', undefined]);
});

test('each level knows how many values are below it', () => {
  const index = new RetainedIndex();
  const belowOf = (topic: string | null) => index.find(topic)?.below;
  for (const topic of ['a', 'a/b', 'a/b', 'a/b/c', '/', '$SYS/x']) index.set(aMessage(topic));
  expect([null, 'a', 'a/b', 'a/b/c', '', '$SYS'].map(belowOf)).toEqual([5, 2, 1, 0, 1, 1]);
  index.delete('a/b');
  index.delete('nothing/here');
  expect([null, 'a', 'a/b', 'nothing'].map(belowOf)).toEqual([4, 1, 1, undefined]);
});
