import { type KeyboardEvent, type RefObject, useState } from 'react';
import type uPlot from 'uplot';
import type { ChartProps } from './chart-props.js';

const FAR = 10;

/** What the keys do: arrows move the cursor, + and - change the zoom around it, 0 ends it. */
export function useChartKeys(plot: RefObject<uPlot | null>, props: ChartProps) {
  const [isReading, setReading] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    const drawn = plot.current;
    if (!drawn || event.altKey || event.ctrlKey || event.metaKey) return;
    const index = nextIndex(event, drawn);
    if (index !== null) {
      setReading(true);
      moveTo(drawn, index);
    } else if (!zoom(event.key, drawn, props)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = () => {
    setReading(false);
    plot.current?.setCursor({ left: -10, top: -10 });
  };
  return { onKeyDown, onBlur, isReading };
}

function nextIndex({ key, shiftKey }: KeyboardEvent, { cursor, data }: uPlot): number | null {
  const last = data[0].length - 1;
  if (last < 0) return null;
  const now = cursor.left !== undefined && cursor.left >= 0 ? (cursor.idx ?? last) : last + 1;
  const step = shiftKey ? FAR : 1;
  if (key === 'ArrowLeft') return Math.max(0, now - step);
  if (key === 'ArrowRight') return Math.min(last, now + step);
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}

function moveTo(plot: uPlot, index: number): void {
  const time = plot.data[0][index];
  if (time !== undefined) plot.setCursor({ left: plot.valToPos(time, 'x'), top: 0 });
}

/** False where the key means nothing. */
function zoom(key: string, { cursor, data }: uPlot, { span, onZoom, onZoomOut }: ChartProps): boolean {
  if (key === '0' && onZoomOut) onZoomOut();
  else if ((key === '+' || key === '-') && onZoom) {
    const [from, to] = span;
    const middle = data[0][cursor.idx ?? -1] ?? (from + to) / 2;
    const half = ((to - from) / 2) * (key === '+' ? 0.5 : 2);
    onZoom(Math.round(middle - half), Math.round(middle + half));
  } else return false;
  return true;
}
