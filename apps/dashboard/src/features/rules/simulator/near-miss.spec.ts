import { explain, type Rule } from '@perch/policy';
import { expect, test } from 'vitest';
import { aContent, aRule } from '../testing/rule-factories.js';
import { nearMiss } from './near-miss.js';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

/** What comes closest when dev-1 asks these rules. */
function closest(rules: readonly Partial<Rule>[], action: 'publish' | 'subscribe', topic: string) {
  const policy = aContent(rules.map((rule, index) => aRule({ id: `r${index + 1}`, ...rule })));
  const identity = { clientId: 'dev-1', username: 'ann', address: null };
  const question = { identity, own: null, action, topic, nowMs: NOW_MS };
  const miss = nearMiss(policy, question, explain(policy, identity, action, topic, NOW_MS));
  return miss && `${miss.position} ${miss.kind} ${miss.filter}`.trim();
}

test('a subscription wider than what a rule allows is told with the filter that is allowed', () => {
  expect(closest([{ topics: ['x'] }, { topics: ['toDevice/%c'] }], 'subscribe', 'toDevice/+')).toBe(
    '2 wider toDevice/dev-1',
  );
});

test('a rule that a deny hides comes first', () => {
  expect(closest([{ effect: 'deny', topics: ['#'] }, { topics: ['a/+'] }], 'publish', 'a/b')).toBe('2 later');
});

test.each<[string, Partial<Rule>]>([
  ['disabled', { enabled: false }],
  ['shadow', { mode: 'shadow' }],
  ['expired', { validUntil: '2025-01-01T00:00:00Z' }],
  ['access', { access: 'sub' }],
  ['subject', { subject: 'username', value: 'joy' }],
])('a rule that would allow it but for %s is named so', (kind, rule) => {
  expect(closest([{ topics: ['a/b'], ...rule }], 'publish', 'a/b')).toBe(`1 ${kind}`);
});

test('one level beside is close, two are not', () => {
  expect(closest([{ topics: ['plant/1/temp'] }], 'publish', 'plant/2/temp')).toBe('1 level plant/1/temp');
  expect(closest([{ topics: ['plant/1/temp'] }], 'publish', 'house/2/temp')).toBeNull();
  expect(closest([{ topics: ['devices/%c/#'] }], 'publish', 'devices/dev-2/x/y')).toBe('1 level devices/dev-1/#');
});

test('what is allowed, or never could be, has no rule that comes near', () => {
  expect(closest([{ topics: ['a'] }], 'publish', 'a')).toBeNull();
  expect(closest([{ topics: ['$SYS/#'] }], 'publish', '$SYS/x')).toBeNull();
});
