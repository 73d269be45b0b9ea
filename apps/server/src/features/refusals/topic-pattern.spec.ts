import { filterMatches } from '@perch/policy';
import { expect, test } from 'vitest';
import { topicPattern } from './topic-pattern.js';

const filters = [
  '#',
  '+',
  'a',
  'a/#',
  'a/+',
  '+/b',
  '+/+',
  'a/+/c',
  '+/b/#',
  '/',
  '/#',
  '$SYS/#',
  '$SYS/+',
  'a.b',
  'a(b',
  '+/#',
];
const topics = [
  'a',
  'b',
  'a/',
  'a/b',
  'a/b/c',
  'a/x/c',
  '/',
  '/b',
  '$SYS/x',
  '$SYS',
  '$SYS/x/y',
  'axb',
  'a.b',
  'a(b',
  'ab',
];

test.each(filters)('%s finds the topics that it matches, and no other', (filter) => {
  const pattern = new RegExp(topicPattern(filter));
  expect(topics.filter((topic) => pattern.test(topic))).toEqual(topics.filter((topic) => filterMatches(filter, topic)));
});
