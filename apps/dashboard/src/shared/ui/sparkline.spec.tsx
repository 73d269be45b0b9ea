import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { Sparkline, type StepRange } from './sparkline.js';

const chosen: StepRange[] = [];
afterEach(() => void chosen.splice(0));

function Example() {
  const [cursor, setCursor] = useState<number | null>(null);
  return (
    <Sparkline
      label="Connects"
      series={[[1, 2, null, 4, 5]]}
      colours={['--perch-accent']}
      cursor={cursor}
      onCursor={setCursor}
      onRange={(range) => chosen.push(range)}
    />
  );
}

test('a time is chosen with the arrow keys, Shift and Enter, and given up with Escape', () => {
  render(<Example />);
  const chart = screen.getByRole('group', { name: 'Connects' });
  fireEvent.keyDown(chart, { key: 'ArrowLeft' });
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(chosen).toEqual([{ from: 1, to: 3 }]);
  fireEvent.keyDown(chart, { key: 'ArrowRight', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'Escape' });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(chosen).toHaveLength(1);
});

test('few values are dots, so that a young server shows them too; of many only those between two gaps', () => {
  const dots = (values: readonly (number | null)[]) => {
    const { container, unmount } = render(<Sparkline label="" series={[values]} colours={['--perch-accent']} />);
    const found = container.querySelector('path:last-of-type')?.getAttribute('d')?.match(/M/g)?.length ?? 0;
    unmount();
    return found;
  };
  const unknown = Array.from({ length: 80 }, () => null);
  expect(dots([...unknown, 1, 0, 2])).toBe(3);
  expect(dots([1, ...unknown])).toBe(1);
  expect(dots(Array.from({ length: 80 }, () => 1))).toBe(0);
  expect(dots([...Array.from({ length: 80 }, () => 1), null, 3, null])).toBe(1);
});

test('a time is chosen by dragging, in either direction; a click chooses none', () => {
  render(<Example />);
  const chart = screen.getByRole('group', { name: 'Connects' });
  chart.getBoundingClientRect = () => ({ left: 100, width: 400 }) as DOMRect;
  const pointer = (kind: 'Down' | 'Move' | 'Up', clientX: number) =>
    fireEvent[`pointer${kind}`](chart, { clientX, buttons: 1, pointerId: 1 });
  pointer('Down', 400);
  pointer('Move', 200);
  pointer('Up', 200);
  expect(chosen).toEqual([{ from: 1, to: 3 }]);
  pointer('Down', 300);
  pointer('Up', 300);
  expect(chosen).toHaveLength(1);
});
