import { describe, expect, test } from 'vitest';
import {
  filterCovers,
  filterMatches,
  filtersOverlap,
  isValidFilter,
  isValidTopic,
  splitSharedFilter,
} from './filter.js';
import { includes, oracleMatches, topicSet, worldFilters, worldTopics } from './testing/oracle.js';

describe('what is a topic and what is a filter', () => {
  test.each(['a', '/', '//', 'a/b', '/a', 'a/', ' ', '$SYS/x', 'ä/€/😀', 'x'.repeat(65_535)])(
    'a topic may be %j',
    (topic) => {
      expect(isValidTopic(topic)).toBe(true);
      expect(isValidFilter(topic)).toBe(true);
    },
  );

  test.each(['', 'a\0', '\ud800', 'a/\udc00\ud800', 'x'.repeat(65_536), '€'.repeat(21_846), '😀'.repeat(16_384)])(
    'neither a topic nor a filter may be malformed, empty or too long (case %#)',
    (text) => {
      expect(isValidTopic(text)).toBe(false);
      expect(isValidFilter(text)).toBe(false);
    },
  );

  test.each(['+', '#', '+/+', 'a/+', '+/b', 'a/+/b', 'a/#', '/#', '+/#', '$SYS/#', '$SYS/+/x'])(
    '%j is a filter and no topic',
    (filter) => {
      expect(isValidFilter(filter)).toBe(true);
      expect(isValidTopic(filter)).toBe(false);
    },
  );

  test.each(['a#', '#/a', 'a/#/b', '##', 'a/b#', '+a', 'a+', 'a/+b/c', '++', '+#', '#+'])(
    '%j is neither [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT5-4.7.1-1] [MQTT5-4.7.1-2]',
    (text) => {
      expect(isValidFilter(text)).toBe(false);
      expect(isValidTopic(text)).toBe(false);
    },
  );

  test('UTF-8 is counted in bytes: 65,535 fit and one more does not', () => {
    expect(isValidTopic('€'.repeat(21_845))).toBe(true);
    expect(isValidTopic(`€${'€'.repeat(21_845)}`)).toBe(false);
    expect(isValidTopic(`${'😀'.repeat(16_383)}abc`)).toBe(true);
    expect(isValidTopic(`${'😀'.repeat(16_383)}abcd`)).toBe(false);
  });
});

describe('matching', () => {
  test.each([
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['a/b', 'a/b/c', false],
    ['+', 'a/b', false],
    ['a/+', 'a/', true],
    ['+/+', '/a', true],
    ['+', '/a', false],
    ['#', '/', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['$SYS/+', '$SYS/x', true],
    ['a/$SYS', 'a/$SYS', true],
    ['a/#', 'a/$x', true],
    ['A', 'a', false],
  ])('%j on %j is %j', (filter, topic, expected) => {
    expect(filterMatches(filter, topic)).toBe(expected);
  });

  test('a malformed filter matches nothing', () => {
    for (const filter of ['', 'a/#/b', '#/a', 'a#', '##', 'a/+b']) {
      expect(worldTopics.filter((topic) => filterMatches(filter, topic))).toEqual([]);
    }
  });

  test('agrees with regular expressions over every filter and topic of a small world', () => {
    for (const filter of worldFilters) {
      for (const topic of worldTopics) {
        if (filterMatches(filter, topic) !== oracleMatches(filter, topic)) expect.fail(`${filter} on ${topic}`);
      }
    }
  });
});

describe('covering and overlapping', () => {
  test.each([
    ['#', '$SYS/#', false],
    ['+/x', '$SYS/x', false],
    ['a/#', 'a', true],
    ['a/#', 'a/+/b', true],
    ['a/#', 'a/#', true],
    ['a/+', 'a/#', false],
    ['a/b', '+/+', false],
    ['+/#', '#', true],
    ['/+/#', '/#', true],
    ['a/+/#', 'a/#', false],
  ])('%j covers %j: %j', (wide, narrow, expected) => {
    expect(filterCovers(wide, narrow)).toBe(expected);
  });

  test.each([
    ['+/b', 'a/+', true],
    ['#', '$SYS/#', false],
    ['+/x', '$SYS/#', false],
    ['$SYS/#', '$SYS/+/x', true],
    ['a', 'a/#', true],
    ['+', '/#', false],
    ['a/+/c', 'a/b', false],
  ])('%j and %j overlap: %j', (a, b, expected) => {
    expect(filtersOverlap(a, b)).toBe(expected);
    expect(filtersOverlap(b, a)).toBe(expected);
  });

  test('agree with the sets of topics that any two filters of a small world match', () => {
    for (const a of worldFilters) {
      for (const b of worldFilters) {
        if (filterCovers(a, b) !== includes(topicSet(a), topicSet(b))) expect.fail(`${a} covers ${b}`);
        if (filtersOverlap(a, b) !== ((topicSet(a) & topicSet(b)) !== 0n)) expect.fail(`${a} overlaps ${b}`);
      }
    }
  });

  test('a malformed filter covers nothing, is covered by nothing and overlaps nothing', () => {
    expect([filterCovers('#/a', 'x/a'), filterCovers('#', 'a#'), filtersOverlap('#', 'a/#/b')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('shared subscriptions', () => {
  test.each([
    ['$share/g/a/+', { group: 'g', filter: 'a/+' }],
    ['$share/g//x', { group: 'g', filter: '/x' }],
    ['$share/g/$SYS/#', { group: 'g', filter: '$SYS/#' }],
    ['$shared/g/a', { group: null, filter: '$shared/g/a' }],
    ['a/#', { group: null, filter: 'a/#' }],
  ])('%j is taken apart', (filter, expected) => {
    expect(splitSharedFilter(filter)).toEqual(expected);
  });

  test.each([
    '$share',
    '$share/',
    '$share/g',
    '$share/g/',
    '$share//a',
    '$share/+/a',
    '$share/#',
    '$share/g/a#',
    'a/#/b',
    '',
  ])('%j may not be subscribed to', (filter) => {
    expect(splitSharedFilter(filter)).toBeNull();
  });
});
