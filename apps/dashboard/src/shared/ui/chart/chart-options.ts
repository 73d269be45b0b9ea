import uPlot from 'uplot';
import type { ChartProps } from './chart-props.js';
import { drawDirectLabels, labelsWidth } from './direct-labels.js';
import { lineStyle } from './line-style.js';
import { timeLabels } from './time-labels.js';

/** What the drawing needs of the component around it. */
export interface ChartSource {
  /** The properties as they are now: what they hold changes more often than what is drawn with. */
  readonly latest: { readonly current: ChartProps };
  /** CSS pixels. */
  readonly width: number;
  readonly colourOf: (token: string) => string;
  /** The cursor stands at this index, or nowhere. */
  readonly onCursor: (index: number | null) => void;
}

const FONT = '11px system-ui, sans-serif';
/** From this width on, in CSS pixels, lines have their names beside them. */
export const WIDE = 620;
const DOT = 4;
/** Distances between the values at an axis. */
const wholeSteps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** The data in the shape that is drawn. */
export function plotData({ times, lines }: ChartProps): uPlot.AlignedData {
  return [times as number[], ...lines.map(({ values }) => values as (number | null)[])];
}

/** How the chart is drawn, in the colours of the theme. */
export function plotOptions(source: ChartSource): uPlot.Options {
  const { latest, width, colourOf } = source;
  const { lines, height = 200, cursorKey } = latest.current;
  const colours = lines.map((_, index) => colourOf(lineStyle(index).token));
  const labelRoom = width >= WIDE && lines.length > 1 ? labelsWidth(lines.map(({ label }) => label)) : 12;
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [10, labelRoom, 0, 0],
    cursor: {
      y: false,
      drag: { x: latest.current.onZoom !== undefined, y: false, setScale: false },
      points: { size: 7 },
      bind: { dblclick: () => () => (latest.current.onZoomOut?.(), null) },
      ...(cursorKey !== undefined && { sync: { key: cursorKey, scales: ['x', null] } }),
    },
    scales: { x: { time: true, range: () => [...latest.current.span] }, y: { range: rangeFromZero } },
    axes: axes(source),
    series: [{}, ...lines.map(({ label }, index) => ({ label, ...strokeOf(index, colours) }))],
    hooks: {
      setCursor: [
        ({ cursor }) => source.onCursor(cursor.left === undefined || cursor.left < 0 ? null : (cursor.idx ?? null)),
      ],
      setSelect: [(plot) => zoomInto(plot, latest.current)],
      draw: width >= WIDE && lines.length > 1 ? [(plot) => drawDirectLabels(plot, colours)] : [],
    },
  };
}

function strokeOf(index: number, colours: readonly string[]): Partial<uPlot.Series> {
  const stroke = colours[index] ?? 'currentColor';
  return {
    stroke,
    width: 1.5,
    dash: [...lineStyle(index).dash],
    points: { size: DOT, fill: stroke, show: false, filter: lonelyPoints },
  };
}

/** Values between two gaps, which no line goes through. */
const lonelyPoints: uPlot.Series.Points.Filter = (plot, index) => {
  const values = plot.data[index] ?? [];
  const lonely: number[] = [];
  values.forEach((value, at) => {
    if (value != null && values[at - 1] == null && values[at + 1] == null) lonely.push(at);
  });
  return lonely.length > 0 ? lonely : null;
};

function rangeFromZero(_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null || (min >= 0 && max <= 0)) return [0, 1];
  return [Math.min(0, min), max + (max - Math.min(0, min)) * 0.08];
}

function axes({ latest, colourOf }: ChartSource): uPlot.Axis[] {
  const line = { stroke: colourOf('--perch-line'), width: 1 };
  const common = { stroke: colourOf('--perch-muted'), font: FONT, grid: line, ticks: { ...line, size: 4 } };
  const longest = (values: readonly string[] | null) => Math.max(0, ...(values ?? []).map((text) => text.length));
  return [
    { ...common, size: 26, space: 70, values: (...[, times, , , step]) => timeLabels(times, step) },
    {
      ...common,
      size: (_plot, values) => Math.max(36, longest(values) * 6.6 + 14),
      space: 32,
      ...(latest.current.isWhole === true && { incrs: wholeSteps }),
      values: (_plot, values) => values.map((value) => latest.current.format(value)),
    },
  ];
}

function zoomInto(plot: uPlot, { onZoom }: ChartProps): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom?.(Math.round(from), Math.round(to));
}
