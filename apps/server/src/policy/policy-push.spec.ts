import type { CompiledPolicy, Rule } from '@perch/policy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PolicyDocument } from './policy-document.js';
import { PolicyPush } from './policy-push.js';
import { PolicyService } from './policy.service.js';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2030-01-01T00:00:00Z') }));
afterEach(() => vi.useRealTimers());

function aDocument(...validUntil: (string | null)[]): PolicyDocument {
  const rules = validUntil.map((until, index): Rule => ({
    id: `r${index}`,
    effect: 'allow',
    subject: 'everyone',
    value: '*',
    access: 'pub',
    topics: [`t/${index}`],
    enabled: true,
    mode: 'enforce',
    validUntil: until,
    note: '',
  }));
  const policy = { rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } as const };
  return { revision: 1, author: 'a', message: '', createdAt: '2030-01-01T00:00:00Z', policy };
}

/** Takes each policy as the broker does: everybody is judged by it at that moment. */
function aBroker() {
  const mayPublish: boolean[][] = [];
  const setPolicy = (policy: CompiledPolicy) => {
    const grants = policy.grantsFor({ clientId: 'c', username: null, address: null }, Date.now());
    mayPublish.push(policy.policy.rules.map((_rule, index) => grants.publish(`t/${index}`).allowed));
    return [];
  };
  return { setPolicy, mayPublish };
}

test('a rule whose time is over is revoked from live sessions at that instant', () => {
  const broker = aBroker();
  const push = new PolicyPush(new PolicyService(aDocument()), broker);
  push.apply(aDocument('2030-01-01T00:00:10Z', '2030-01-01T00:00:20Z', null));
  vi.advanceTimersByTime(9_999);
  expect(broker.mayPublish).toEqual([[true, true, true]]);
  vi.advanceTimersByTime(2);
  expect(broker.mayPublish.at(-1)).toEqual([false, true, true]);
  vi.advanceTimersByTime(10_000);
  expect(broker.mayPublish.at(-1)).toEqual([false, false, true]);
  vi.advanceTimersByTime(1e9);
  expect(broker.mayPublish).toHaveLength(3);
});

test('a rule that ends after more days than a timer can wait still ends then', () => {
  const broker = aBroker();
  new PolicyPush(new PolicyService(aDocument('2030-03-01T00:00:00Z')), broker);
  vi.setSystemTime('2030-01-01T00:00:00Z');
  vi.advanceTimersByTime(Date.parse('2030-03-01T00:00:00Z') - Date.parse('2030-01-01T00:00:00Z') - 1000);
  expect(broker.mayPublish.every(([allowed]) => allowed)).toBe(true);
  vi.advanceTimersByTime(2000);
  expect(broker.mayPublish.at(-1)).toEqual([false]);
});

test('nothing waits after the push is stopped', () => {
  const broker = aBroker();
  const push = new PolicyPush(new PolicyService(aDocument('2030-01-01T00:00:10Z')), broker);
  push.stop();
  expect(vi.getTimerCount()).toBe(0);
});
