import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { ChartLegend } from './chart-legend.js';
import { plotData, plotOptions, WIDE } from './chart-options.js';
import type { ChartProps } from './chart-props.js';
import { chartTexts } from './texts.js';
import { useChartKeys } from './use-chart-keys.js';
import classes from './chart.module.css';
import { MAX_LINES } from './line-style.js';

/** The chart itself: a picture, its cursor with the values there, and the keys that do what a mouse does. */
export function ChartCanvas(given: ChartProps) {
  const props = { ...given, lines: given.lines.slice(0, MAX_LINES) };
  const { label, lines, height = 200 } = props;
  const plotRef = useRef<uPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const keys = useChartKeys(plotRef, props);
  const canvas = usePlot(plotRef, props, setIndex);
  return (
    <div
      className={classes.chart}
      role="group"
      aria-label={chartTexts.chart(label)}
      aria-roledescription={chartTexts.kind}
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
      onBlur={keys.onBlur}
    >
      <div ref={canvas} style={{ height }} aria-hidden />
      <ChartLegend lines={lines} times={props.times} index={index} format={props.format} isRead={keys.isReading} />
    </div>
  );
}

/** Draws into the element that the returned ref is given to: anew when what is drawn changes, else only data and size. */
function usePlot(plotRef: React.RefObject<uPlot | null>, props: ChartProps, onCursor: (index: number | null) => void) {
  const latest = useRef(props);
  const latestWidth = useRef(0);
  const moment = useRef<number | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const scheme = useComputedColorScheme('light');
  const [isShown, isWide] = [width > 0, width >= WIDE];
  const shape = JSON.stringify([props.lines.map(({ label }) => label), props.height, props.cursorKey]);
  useEffect(() => {
    latest.current = props;
    latestWidth.current = width;
  });
  useEffect(() => {
    const element = host.current;
    if (!element || !isShown) return;
    const style = getComputedStyle(element);
    const colourOf = (token: string) => style.getPropertyValue(token).trim();
    const options = plotOptions({ latest, width: latestWidth.current, colourOf, onCursor });
    const ready = (plot: uPlot) => pointAt(plot, moment.current);
    const hooks = { ...options.hooks, ready: [ready] };
    const drawn = new uPlot({ ...options, hooks }, plotData(latest.current), element);
    plotRef.current = drawn;
    return () => {
      plotRef.current = null;
      moment.current = momentOf(drawn);
      drawn.destroy();
    };
  }, [plotRef, shape, scheme, isShown, isWide, onCursor]);
  useEffect(() => {
    const plot = plotRef.current;
    // The same picture in another size: the cursor stays at its moment.
    if (plot && width > 0 && plot.width !== width) plot.setSize({ width, height: plot.height });
  }, [plotRef, width]);
  const { times, lines, span } = props;
  useEffect(() => {
    plotRef.current?.setData(plotData(latest.current));
  }, [plotRef, times, lines, span]);
  return useMergedRef(host, sizeRef);
}

/** When the cursor of a chart stands, in milliseconds since 1970; null: nowhere. */
function momentOf({ cursor, data }: uPlot): number | null {
  return cursor.left === undefined || cursor.left < 0 ? null : (data[0][cursor.idx ?? -1] ?? null);
}

function pointAt(plot: uPlot, moment: number | null): void {
  if (moment !== null) plot.setCursor({ left: plot.valToPos(moment, 'x'), top: 0 });
}
