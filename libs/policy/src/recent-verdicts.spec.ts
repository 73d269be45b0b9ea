import { expect, test } from 'vitest';
import { RecentVerdicts } from './recent-verdicts.js';
import { plainVerdict } from './verdict.js';

const verdict = plainVerdict({ allowed: true, ruleId: 'r1', by: 'rule' });

test('the verdict about a topic is there until others take its place, and no other topic gets it', () => {
  const recent = new RecentVerdicts();
  expect(recent.get('')).toBeUndefined();
  for (let n = 0; n < 1_000; n += 1) {
    recent.remember(`topic/${n}`, plainVerdict({ allowed: true, ruleId: `r${n}`, by: 'rule' }));
    expect(recent.get(`topic/${n}`)?.ruleId).toBe(`r${n}`);
  }
  const answers = Array.from({ length: 1_000 }, (_, n) => recent.get(`topic/${n}`)?.ruleId ?? `r${n}`);
  expect(answers).toEqual(Array.from({ length: 1_000 }, (_, n) => `r${n}`));
});

test('no client makes the broker remember more than 32 topics of 128 characters', () => {
  const recent = new RecentVerdicts();
  for (let n = 0; n < 1_000; n += 1) recent.remember(`topic/${n}`, verdict);
  const known = Array.from({ length: 1_000 }, (_, n) => recent.get(`topic/${n}`)).filter(Boolean);
  expect(known.length).toBeGreaterThan(0);
  expect(known.length).toBeLessThanOrEqual(32);
  recent.remember('x'.repeat(129), verdict);
  expect(recent.get('x'.repeat(129))).toBeUndefined();
});

test('the topics that were allowed come in the order of their last use', () => {
  const recent = new RecentVerdicts();
  for (const topic of ['plant/temp', 'plant/heat', 'plant/state', 'plant/no']) {
    recent.remember(topic, topic === 'plant/no' ? { ...verdict, allowed: false } : verdict);
  }
  expect(recent.allowed()).toEqual(['plant/state', 'plant/heat', 'plant/temp']);
  recent.get('plant/temp');
  recent.get('plant/no');
  expect(recent.allowed()).toEqual(['plant/temp', 'plant/state', 'plant/heat']);
});
