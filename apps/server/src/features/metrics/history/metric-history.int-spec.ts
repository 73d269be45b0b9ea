import type { Broker } from '@perch/broker';
import { FakeClock } from '@perch/broker/testing';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Database } from '../../../database/database.js';
import { createTestDatabase } from '../../../testing/test-database.js';
import type { Metric } from '../catalogue/metric.js';
import type { MetricCatalogue } from '../metric-catalogue.js';
import { MetricHistory } from './metric-history.js';
import { SeriesReader } from './series-reader.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });
afterEach(() => pool.query('TRUNCATE metric_series, metric_steps'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const common = { group: 'messages', unit: 'count', help: 'x' } as const;

/** A server whose counter rises by two a second and whose gauge says which second it is. */
function open(clock = new FakeClock()) {
  let total = 0;
  const metrics: Metric[] = [
    { ...common, name: 'rising_total', type: 'counter', read: () => (total += 2) },
    { ...common, name: 'level', type: 'gauge', read: () => Math.floor(clock.now() / 1000) % 100 },
    { ...common, name: 'worst', type: 'gauge', summary: 'max', read: () => Math.floor(clock.now() / 1000) % 10 },
    { ...common, name: 'odd', type: 'gauge', label: 'is', read: () => ({ 'a "b"': 5 }) },
  ];
  const read = () =>
    metrics.flatMap((metric) => {
      const now = metric.read();
      const all = typeof now === 'number' ? [[null, now] as const] : Object.entries(now ?? {});
      return all.map(([labelValue, value]) => ({ metric, labelValue, value: value ?? 0 }));
    });
  const broker = { clock, report: () => undefined } as unknown as Broker;
  const catalogue = { metrics, read } as unknown as MetricCatalogue;
  const history = new MetricHistory(broker, catalogue, { pool } as unknown as Database);
  const reader = new SeriesReader(broker, catalogue, history);
  history.onApplicationBootstrap();
  const run = (seconds: number) => {
    for (let second = 0; second < seconds; second++) clock.advance(1000);
  };
  return { clock, history, reader, run };
}

/** The times at which something is known, and the values there. */
const known = async (reader: SeriesReader, query: Parameters<SeriesReader['read']>[0]) => {
  const { series, from, stepSeconds } = await reader.read(query);
  return series[0]!.values.flatMap((value, index) =>
    value === null ? [] : [[Date.parse(from) / 1000 + index * stepSeconds, value] as const],
  );
};

test('seconds are kept as they were, counters as what they rose by, and the first second of one is not known', async () => {
  const { reader, run, clock } = open();
  const start = clock.now() / 1000;
  run(5);
  expect(await known(reader, { metric: ['rising_total'], range: '15m' })).toEqual(
    [1, 2, 3, 4].map((second) => [start + second, 2]),
  );
  const level = await reader.read({ metric: ['level'], range: '15m' });
  expect([level.stepSeconds, level.series[0]?.values.length]).toEqual([1, 900]);
  expect(level.series[0]?.values.slice(0, 895).every((value) => value === null)).toBe(true);
});

test('history survives a restart: what is known stays, the time between is a gap, counters begin anew', async () => {
  const before = open();
  const start = before.clock.now() / 1000;
  before.run(60);
  await before.history.onModuleDestroy();
  before.clock.advance(30_000);
  const { reader, run } = open(before.clock);
  run(40);
  const rates = await known(reader, { metric: ['rising_total'], range: '1h' });
  expect(rates.every(([, rate]) => rate === 2)).toBe(true);
  const times = rates.map(([second]) => second - start);
  expect(times.filter((second) => second >= 70 && second < 90)).toEqual([]);
  expect(times).toEqual(expect.arrayContaining([0, 50, 90, 110]));
  // The seconds of the run before are not in memory any more: what the database has of them is shown.
  const seconds = await known(reader, { metric: ['level'], range: '15m' });
  expect(seconds.filter(([second]) => second < start + 60)).toHaveLength(60);
});

test('a day and a week are read in steps that a chart can show, and end with what was just now', async () => {
  const { reader, run, clock } = open();
  run(1200);
  const day = await reader.read({ metric: ['level', 'worst'], range: '24h' });
  expect([day.stepSeconds, day.series[0]?.values.length]).toEqual([120, 720]);
  const [, worst] = day.series;
  expect(worst?.values.slice(-9).every((value) => value === 9)).toBe(true);
  const week = await reader.read({ metric: ['level'], range: '7d' });
  expect([week.stepSeconds, week.series[0]?.values.length]).toEqual([600, 1008]);
  const now = clock.now();
  const from = new Date(now - 300_000).toISOString();
  const part = await reader.read({ metric: ['level'], range: '7d', from, to: new Date(now - 60_000).toISOString() });
  expect([part.stepSeconds, part.series[0]?.values.length]).toEqual([1, 240]);
});

test('the newest point is known, whenever within a second one asks', async () => {
  const clock = new FakeClock();
  clock.advance(700);
  const { reader, run } = open(clock);
  run(29);
  // The next ten seconds have begun; the sample that ends those before comes only at x.7.
  clock.advance(500);
  for (const range of ['15m', '1h'] as const) {
    const { series } = await reader.read({ metric: ['level'], range });
    expect(series[0]?.values.at(-1), range).toEqual(expect.any(Number));
  }
});

test('a timer that steps over a second leaves no gap, one that was late does', () => {
  const { history, run, clock } = open();
  const start = clock.now() / 1000;
  clock.set(clock.now() + 995);
  run(2);
  clock.set(clock.now() + 10);
  run(3);
  clock.set(clock.now() + 2_000);
  run(2);
  const values = Array.from({ length: 9 }, (_, index) => history.recent.get('rising_total', start + 1 + index));
  expect(values).toEqual([2, 2, 2, 2, 2, 2, null, null, 2]);
});

test('each value of a label is a series of its own, whatever is in it', async () => {
  const { reader, run } = open();
  run(3);
  const { series } = await reader.read({ metric: ['odd'], range: '15m' });
  expect(series.map(({ labelValue, key }) => [labelValue, key])).toEqual([['a "b"', 'odd{is="a \\"b\\""}']]);
});

test('what the database does not take is written later, and the last minutes are there meanwhile', async () => {
  const { reader, run, history } = open();
  run(30);
  await pool.query('ALTER TABLE metric_steps RENAME TO away');
  expect(await history.write()).toBe(false);
  expect(await known(reader, { metric: ['level'], range: '15m' })).toHaveLength(30);
  await expect(reader.read({ metric: ['level'], range: '1h' })).rejects.toThrow();
  await pool.query('ALTER TABLE away RENAME TO metric_steps');
  run(10);
  expect((await known(reader, { metric: ['level'], range: '1h' })).length).toBeGreaterThanOrEqual(3);
});

test('steps are forgotten in time: ten seconds after six hours, minutes after seven days', async () => {
  const { run, history, clock } = open();
  run(130);
  await history.write();
  const count = async () => {
    const { rows } = await pool.query<{ step: number; n: number }>(
      'SELECT step_seconds AS step, count(*)::int AS n FROM metric_steps GROUP BY 1 ORDER BY 1',
    );
    return rows.map(({ step, n }) => [step, n]);
  };
  const kept = await count();
  expect(kept.map(([step]) => step)).toEqual([10, 60]);
  await history.store.purge(clock.now() + 6 * 3_600_000 + 200_000);
  expect(await count()).toEqual([kept[1]]);
  await history.store.purge(clock.now() + 7 * 24 * 3_600_000 + 200_000);
  expect(await count()).toEqual([]);
});

test('a metric that there is not is an error that names it', async () => {
  const { reader } = open();
  await expect(reader.read({ metric: ['nothing'], range: '15m' })).rejects.toThrow('There is no metric "nothing".');
});
