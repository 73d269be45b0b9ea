import { describe, expect, test } from 'vitest';
import type { Metric } from '../catalogue/metric.js';
import { Rates } from './rates.js';
import { RecentSteps } from './recent-steps.js';
import { Rollup } from './rollup.js';

const counter: Metric = {
  name: 'perch_things_total',
  type: 'counter',
  group: 'messages',
  unit: 'count',
  help: 'Things.',
  label: 'kind',
  read: () => null,
};
const things = (labelValue: string, value: number) => ({ metric: counter, labelValue, value });
const keyOf = (kind: string) => `perch_things_total{kind="${kind}"}`;

describe('rates of counters', () => {
  test('nothing is known before the second look, not even zero', () => {
    expect(new Rates().take([things('a', 500)], 1000).size).toBe(0);
  });

  test('a rise is told per second of the time that has really passed', () => {
    const rates = new Rates();
    rates.take([things('a', 500)], 1000);
    expect(rates.take([things('a', 510)], 5000).get(keyOf('a'))).toBe(2.5);
  });

  test('a counter that began anew has risen by what it stands at', () => {
    const rates = new Rates();
    rates.take([things('a', 500)], 0);
    expect(rates.take([things('a', 3)], 1000).get(keyOf('a'))).toBe(3);
  });

  test('the first of a kind is counted', () => {
    const rates = new Rates();
    rates.take([], 0);
    expect(rates.take([things('new', 1)], 1000).get(keyOf('new'))).toBe(1);
  });

  test('a gauge passes as it is, at once', () => {
    const gauge = { metric: { ...counter, name: 'perch_things', type: 'gauge' as const }, labelValue: 'a', value: 7 };
    expect(new Rates().take([gauge], 0).get('perch_things{kind="a"}')).toBe(7);
  });
});

describe('the last seconds', () => {
  test('seconds without a sample are not known, and old ones are forgotten', () => {
    const recent = new RecentSteps(4, 10);
    recent.set(100, new Map([['a', 1]]));
    recent.set(102, new Map([['b', 2]]));
    expect([99, 100, 101, 102].map((second) => recent.get('a', second))).toEqual([null, 1, null, null]);
    recent.set(104, new Map([['a', 5]]));
    expect([100, 102, 104].map((second) => recent.get('a', second))).toEqual([null, null, 5]);
    expect(recent.get('b', 102)).toBe(2);
  });

  test('a clock that is set back begins a new history', () => {
    const recent = new RecentSteps(100, 10);
    recent.set(150, new Map([['a', 1]]));
    recent.set(110, new Map([['a', 2]]));
    expect([recent.get('a', 150), recent.get('a', 110)]).toEqual([null, 2]);
  });

  test('there are no more series than the bound', () => {
    const recent = new RecentSteps(4, 1);
    recent.set(
      1,
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect([...recent.keys]).toEqual(['a']);
    expect(recent.get('b', 1)).toBeNull();
  });
});

describe('longer steps', () => {
  test('are the mean of what is known of them, or the greatest', () => {
    const rollup = new Rollup(10, (key) => key === 'worst');
    rollup.add(
      20,
      new Map([
        ['mean', 1],
        ['worst', 1],
      ]),
    );
    rollup.add(21, new Map([['worst', 9]]));
    rollup.add(
      29,
      new Map([
        ['mean', 4],
        ['worst', 2],
      ]),
    );
    const done = rollup.add(30, new Map([['mean', 100]]));
    expect(done).toEqual({
      at: 20_000,
      stepSeconds: 10,
      values: new Map([
        ['mean', 2.5],
        ['worst', 9],
      ]),
    });
  });

  test('a step that nothing is known of is none', () => {
    const rollup = new Rollup(10, () => false);
    rollup.add(20, new Map([['a', 1]]));
    expect(rollup.add(45, new Map([['a', 2]]))?.at).toBe(20_000);
    expect(rollup.end()?.at).toBe(40_000);
    expect(rollup.end()).toBeNull();
  });
});
