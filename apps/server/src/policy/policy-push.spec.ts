import type { CompiledPolicy, Rule } from '@perch/policy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PolicyDocument } from './policy-document.js';
import { PolicyPush, WARNING_MS } from './policy-push.js';
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
  const policy = { rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } as const, tests: [] };
  return { revision: 1, author: 'a', message: '', createdAt: '2030-01-01T00:00:00Z', overrideReason: null, policy };
}

/** Remembers what it is told, by the ids of the rules. */
function aLog() {
  const told: string[] = [];
  const tell = (what: string) => (rules: readonly Rule[]) =>
    void told.push(`${what} ${rules.map(({ id }) => id).join()}`);
  return { told, ended: tell('ended'), endSoon: tell('soon') };
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
  const log = aLog();
  const push = new PolicyPush(new PolicyService(aDocument()), broker, log);
  push.apply(aDocument('2030-01-01T00:00:10Z', '2030-01-01T00:00:20Z', null), { disconnect: false });
  vi.advanceTimersByTime(9_999);
  expect(broker.mayPublish).toEqual([[true, true, true]]);
  vi.advanceTimersByTime(2);
  expect(broker.mayPublish.at(-1)).toEqual([false, true, true]);
  vi.advanceTimersByTime(10_000);
  expect(broker.mayPublish.at(-1)).toEqual([false, false, true]);
  vi.advanceTimersByTime(1e9);
  expect(broker.mayPublish).toHaveLength(3);
  expect(log.told).toEqual(['soon r0,r1', 'ended r0', 'ended r1']);
});

test('a rule that ends after more days than a timer can wait still ends then', () => {
  const broker = aBroker();
  new PolicyPush(new PolicyService(aDocument('2030-03-01T00:00:00Z')), broker, aLog());
  vi.setSystemTime('2030-01-01T00:00:00Z');
  vi.advanceTimersByTime(Date.parse('2030-03-01T00:00:00Z') - Date.parse('2030-01-01T00:00:00Z') - 1000);
  expect(broker.mayPublish.every(([allowed]) => allowed)).toBe(true);
  vi.advanceTimersByTime(2000);
  expect(broker.mayPublish.at(-1)).toEqual([false]);
});

test('nothing waits after the push is stopped', () => {
  const broker = aBroker();
  const push = new PolicyPush(new PolicyService(aDocument('2030-01-01T00:00:10Z')), broker, aLog());
  push.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a rule that ends within a day is told of once, a day before', () => {
  const log = aLog();
  const push = new PolicyPush(new PolicyService(aDocument('2030-01-03T00:00:00Z', null)), aBroker(), log);
  vi.advanceTimersByTime(WARNING_MS - 1000);
  expect(log.told).toEqual([]);
  vi.advanceTimersByTime(2000);
  push.apply(aDocument('2030-01-03T00:00:00Z', null), { disconnect: false });
  expect(log.told).toEqual(['soon r0']);
  push.apply(aDocument('2030-01-03T06:00:00Z', null), { disconnect: false });
  vi.advanceTimersByTime(2 * WARNING_MS);
  expect(log.told).toEqual(['soon r0', 'soon r0', 'ended r0']);
});
