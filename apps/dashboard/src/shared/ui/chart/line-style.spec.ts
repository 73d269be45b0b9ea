import { expect, test } from 'vitest';
import { lineStyle, MAX_LINES } from './line-style.js';

test('no two lines of a chart look the same, and the first four differ in more than colour', () => {
  const styles = Array.from({ length: MAX_LINES }, (_, index) => lineStyle(index));
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(MAX_LINES);
  expect(new Set(styles.slice(0, 4).map(({ dash }) => String(dash))).size).toBe(4);
});
