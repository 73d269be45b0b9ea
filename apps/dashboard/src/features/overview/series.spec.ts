import { expect, test } from 'vitest';
import type { Series } from '../../shared/api/generated/types.gen.js';
import { minutesBefore } from './series.js';

const series = (stepSeconds: number, values: (number | null)[]) =>
  ({ from: '2026-01-01T00:00:00Z', stepSeconds, series: [{ key: 'connects', values }] }) as unknown as Series;

test('a connect counts for a minute, where each second is a step', () => {
  const each = Array.from({ length: 130 }, (_, second) => (second % 10 === 0 ? 1 : 0));
  const minutes = minutesBefore(series(1, each), 'connects');
  expect([minutes[0], minutes[9], minutes[10], minutes[59], minutes[60], minutes[129]]).toEqual([1, 1, 2, 6, 6, 6]);
});

test('steps of a minute tell themselves, of ten seconds their rate counts for ten', () => {
  expect(minutesBefore(series(60, [0.5, null]), 'connects')).toEqual([30, null]);
  expect(minutesBefore(series(10, [0.1, 0.1, null, 0.1]), 'connects')).toEqual([1, 2, null, 3]);
});
