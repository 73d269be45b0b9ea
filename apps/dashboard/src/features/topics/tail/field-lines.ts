import type { ChartLine } from '../../../shared/ui/chart.js';
import { type JsonPath, valueAt } from './json-path.js';
import { documentOf } from './payload-text.js';
import type { Seen } from './tail-feed.js';

const MOST_LINES = 8;

/** The numbers that stand at a path, over time: a line for each topic, those with most numbers first. */
export function fieldLines(rows: readonly Seen[], path: JsonPath): { times: number[]; lines: ChartLine[] } {
  const points: { readonly at: number; readonly topic: string; readonly value: number }[] = [];
  for (const { message } of rows.toReversed()) {
    const value = valueAt(documentOf(message), path);
    if (typeof value === 'number') points.push({ at: Date.parse(message.at), topic: message.topic, value });
  }
  const counts = new Map<string, number>();
  for (const { topic } of points) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const topics = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_LINES);
  const times = [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b);
  const places = new Map(times.map((at, index) => [at, index]));
  const lines = topics.map(([label]) => {
    const values = times.map((): number | null => null);
    for (const { at, topic, value } of points) if (topic === label) values[places.get(at) ?? 0] = value;
    return { label, values };
  });
  return { times, lines };
}
