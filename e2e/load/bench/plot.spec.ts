import { expect, test } from 'vitest';
import { plotSvg } from './plot.js';

const svg = plotSvg({
  title: 'Cost & <fan-out>',
  xLabel: 'subscribers',
  yLabel: 'CPU µs',
  series: [
    { name: 'perch', points: [1, 10, 100].map((x) => ({ x, y: 10 / x })) },
    { name: 'mosquitto', points: [1, 10, 100].map((x) => ({ x, y: 10 })) },
  ],
});

const places = (index: number) =>
  (new RegExp(`s${index}" points="([^"]+)"`).exec(svg)?.[1] ?? '')
    .split(' ')
    .map((place) => place.split(',').map(Number));

test('every element is closed and text is escaped', () => {
  expect(svg).toContain('Cost &amp; &lt;fan-out&gt;');
  const open = [...svg.matchAll(/<([a-z]+)(?: [^>]*)?(?<!\/)>/g)].map(([, name]) => name);
  for (const name of new Set(open)) {
    expect(svg.split(`</${name}>`)).toHaveLength(open.filter((each) => each === name).length + 1);
  }
});

test('equal factors are equal distances, and less cost is further down', () => {
  const [first, second, third] = places(0);
  expect(second![0]! - first![0]!).toBeCloseTo(third![0]! - second![0]!, 0);
  expect(second![1]! - first![1]!).toBeCloseTo(third![1]! - second![1]!, 0);
  expect(third![1]!).toBeGreaterThan(first![1]!);
  expect(new Set(places(1).map(([, y]) => y)).size).toBe(1);
});

test('both axes, both lines and the title are named, for light and for dark pages', () => {
  for (const name of ['subscribers', 'CPU µs', 'perch', 'mosquitto']) expect(svg).toContain(`>${name}</text>`);
  expect(svg).toContain('prefers-color-scheme: dark');
});
