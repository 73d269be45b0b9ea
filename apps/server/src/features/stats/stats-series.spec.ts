import { Counters } from '@perch/broker';
import { expect, test } from 'vitest';
import { StatsSeries } from './stats-series.js';

test('each point says what happened in its own step', () => {
  const counters = new Counters();
  counters.connects = 100;
  const series = new StatsSeries(counters, 10);
  counters.connects += 3;
  counters.messagesSent += 7;
  series.sample(new Date('2030-01-01T00:00:05Z'));
  counters.connects += 1;
  series.sample(new Date('2030-01-01T00:00:10Z'));
  expect(series.points).toMatchObject([
    { at: '2030-01-01T00:00:05.000Z', connects: 3, messagesOut: 7, refused: 0 },
    { at: '2030-01-01T00:00:10.000Z', connects: 1, messagesOut: 0, refused: 0 },
  ]);
});

test('the series keeps no more steps than its bound', () => {
  const series = new StatsSeries(new Counters(), 2);
  for (const second of [5, 6, 7]) series.sample(new Date(second * 1000));
  expect(series.points.map(({ at }) => at)).toEqual(['1970-01-01T00:00:06.000Z', '1970-01-01T00:00:07.000Z']);
});
