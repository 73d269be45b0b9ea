import { expect, test } from 'vitest';
import { addTopics, splitTopics, topicParts } from './topic-list.js';

test('pasted lines and commas become single topics', () => {
  expect(splitTopics(' a/b, c\n\n/d \t e f,')).toEqual(['a/b', 'c', '/d', 'e f']);
});

test('a topic is added once', () => {
  expect(addTopics(['a'], ['b', 'a', 'b'])).toEqual(['a', 'b']);
});

test('only placeholders that fill a level are tinted', () => {
  const tinted = (topic: string) =>
    topicParts(topic)
      .filter((part) => part.isPlaceholder)
      .map((part) => part.text);
  expect(tinted('to/%c/x/%u')).toEqual(['%c', '%u']);
  expect(tinted('%c')).toEqual(['%c']);
  expect(tinted('a%c/%cb/%x')).toEqual([]);
  expect(
    topicParts('to/%c')
      .map((part) => part.text)
      .join(''),
  ).toBe('to/%c');
});
