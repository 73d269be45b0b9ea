import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { MetricInfo, Series } from '../../shared/api/generated/types.gen.js';
import { problem } from '../../testing/api-server.js';
import { openApp } from '../../testing/open-app.js';
import { chartsOf, linesOf } from './charts.js';
import { formatterOf } from './format-metric.js';
import { seriesCsv } from './series-csv.js';

let close = () => {};
afterEach(() => close());

async function open(...args: Parameters<typeof openApp>) {
  const app = await openApp(...args);
  close = app.close;
  return app;
}

const metric = (name: string, fields: Partial<MetricInfo> = {}): MetricInfo => {
  return { name, type: 'counter', group: 'connections', unit: 'count', help: `${name}.`, label: null, ...fields };
};

const connects = metric('perch_connects_total');
const disconnects = metric('perch_disconnects_total');
const limit = metric('perch_connections_limit', { type: 'gauge' });
const refusals = metric('perch_refusals_total', { group: 'access', label: 'reason' });

const series = (metrics: Record<string, (number | null)[]>): Series => ({
  from: '2030-01-01T00:00:00.000Z',
  to: '2030-01-01T00:00:03.000Z',
  stepSeconds: 1,
  series: Object.entries(metrics).map(([key, values]) => {
    const [, name = key, labelValue = null] = /^(\w+)\{.*="(.*)"\}$/.exec(key) ?? [];
    return { metric: name, key, labelValue, values };
  }),
});

const known = series({ perch_connects_total: [null, 0, 2.5], perch_disconnects_total: [null, 1, 1] });
const catalogue = { 'GET /api/v1/series/metrics': { body: { items: [connects, disconnects, limit, refusals] } } };

test('what belongs together is in one chart, what never changes in none', () => {
  const plans = chartsOf([connects, limit, disconnects, refusals], 'connections');
  expect(plans.map(({ title, metrics }) => [title, metrics.map(({ name }) => name)])).toEqual([
    ['Connects and disconnects', ['perch_connects_total', 'perch_disconnects_total']],
  ]);
});

test('of more lines than can be told apart those with the most in them are shown, and the rest is counted', () => {
  const many = Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [`perch_refusals_total{reason="r${index}"}`, [index, null, index]]),
  );
  const { lines, omitted } = linesOf({ title: '', metrics: [refusals] }, series(many));
  expect(lines.map(({ label }) => label)).toEqual(['r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10']);
  expect(omitted).toBe(3);
});

test('values are written in what they are counted in, and the unknown as a dash', () => {
  expect(formatterOf(connects)(2.54)).toBe('2.5/s');
  expect(formatterOf(metric('b', { unit: 'bytes' }))(1500)).toBe('1.5 kB/s');
  expect(formatterOf(metric('cpu', { unit: 'seconds' }))(0.256)).toBe('26 %');
  expect(formatterOf(metric('lag', { unit: 'seconds', type: 'gauge' }))(0.004)).toBe('4 ms');
  expect(formatterOf(connects)(null)).toBe('-');
});

test('the CSV has every point, and nothing where nothing is known', () => {
  expect(seriesCsv(series({ 'perch_refusals_total{reason="x"}': [null, 0, 2] }))).toBe(
    'time,"perch_refusals_total{reason=""x""}"\r\n' +
      '2030-01-01T00:00:00.000Z,\r\n2030-01-01T00:00:01.000Z,0\r\n2030-01-01T00:00:02.000Z,2\r\n',
  );
});

test('a table shows the same points, the newest first, with dashes for what is not known', async () => {
  const { api } = await open('/metrics?view=table', { ...catalogue, 'GET /api/v1/series': { body: known } });
  const table = await screen.findByRole('table', { name: 'Connects and disconnects' });
  const rows = within(table).getAllByRole('row').slice(1);
  const cells = rows.map((row) =>
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  );
  expect(cells).toEqual([
    ['2.5/s', '1/s'],
    ['0/s', '1/s'],
    ['-', '-'],
  ]);
  expect(screen.getByText('perch_connects_total').closest('span')?.title).toBe('perch_connects_total.');
  expect(screen.getByRole('link', { name: 'Prometheus endpoint' }).getAttribute('href')).toContain('/metrics?format');
  expect(api.asked).toContainEqual(
    expect.stringContaining('/series?metric=perch_connects_total%2Cperch_disconnects_total&range=15m'),
  );
});

test('an error is told in its place and old values stay, said to be old', async () => {
  const { api } = await open('/metrics?view=table', { ...catalogue, 'GET /api/v1/series': { body: known } });
  await screen.findByRole('table', { name: 'Connects and disconnects' });
  api.change({ 'GET /api/v1/series': problem(400, 'bad-request', 'No such time') });
  // A refusal is not tried again: the next reading of the page tells it.
  const alert = await screen.findByRole('alert', undefined, { timeout: 14_000 });
  expect(alert.textContent).toContain('No such time');
  expect(screen.getByRole('table', { name: 'Connects and disconnects' })).toBeTruthy();
});

test('what has never happened is said in words, not drawn as zero', async () => {
  await open('/metrics?group=access&range=1h', { ...catalogue, 'GET /api/v1/series': { body: series({}) } });
  expect(await screen.findByText('This has not happened yet.')).toBeTruthy();
});

test('beside the figures of the queues stand the clients that are behind, with what waits for them', async () => {
  const slow = {
    clientId: 'pump-7',
    username: 'joy',
    online: false,
    queued: 1200,
    queuedBytes: 4000,
    inFlight: 20,
    waitingBytes: 0,
    dropped: 3,
  };
  const traffic = { at: '2030-01-01T00:00:00.000Z', windowSeconds: 300, talkers: [], slow: [slow], flapping: [] };
  await open('/metrics?group=delivery', { ...catalogue, 'GET /api/v1/traffic': { body: traffic } });
  const table = await screen.findByRole('table', { name: 'Slow subscribers' });
  expect(within(table).getByRole('link').getAttribute('href')).toBe('/clients?c=pump-7');
  const cells = within(table).getAllByRole('cell');
  expect(cells.map(({ textContent }) => textContent)).toEqual(['offline', '1,200', '4 kB', '20', '0 B', '3']);
});

test('another time is read anew; the address has it', async () => {
  const { api, history } = await open('/metrics?view=table', { ...catalogue, 'GET /api/v1/series': { body: known } });
  await screen.findByRole('table', { name: 'Connects and disconnects' });
  screen.getByRole('radio', { name: '7 d' }).click();
  await vi.waitFor(() => expect(api.asked).toContainEqual(expect.stringContaining('range=7d')));
  expect(history.location.search).toContain('range=7d');
});
