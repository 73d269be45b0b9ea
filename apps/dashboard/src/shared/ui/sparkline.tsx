import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import classes from './sparkline.module.css';

/** Steps of the series, the first and the last one among them. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

interface SparklineProps {
  /**
   * One or two series of values, one value per step, null where it is not known: a gap. The second is dashed, so that
   * colour is not the only difference.
   */
  readonly series: readonly (readonly (number | null)[])[];
  /** A token of the theme per series: `--perch-accent`. */
  readonly colours: readonly string[];
  /** What the picture shows, for people who do not see it. */
  readonly label: string;
  /** The step that is pointed at, here or in another picture of the same steps. */
  readonly cursor?: number | null;
  readonly onCursor?: (step: number | null) => void;
  /** Steps were chosen: by dragging, or with the arrow keys, Shift and Enter. */
  readonly onRange?: (range: StepRange) => void;
}

const width = 180;
const height = 40;
const padding = 2;

/** A small chart of the last minutes without axes: lines only, scaled from zero to the highest value. */
export function Sparkline(props: SparklineProps) {
  const { series, colours, label, cursor = null } = props;
  const { chosen, ...handlers } = useSteps(props);
  const highest = series.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0) || 1;
  const step = width / Math.max(1, lengthOf(series) - 1);
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role={props.onRange ? 'group' : 'img'}
      aria-label={label}
      data-live={props.onCursor !== undefined || props.onRange !== undefined}
      tabIndex={props.onRange ? 0 : undefined}
      {...handlers}
    >
      {chosen && (
        <rect
          className={classes.chosen}
          x={Math.min(chosen.from, chosen.to) * step}
          width={Math.max(1, Math.abs(chosen.to - chosen.from) * step)}
          height={height}
        />
      )}
      {series.map((values, index) => (
        <path
          key={colours[index]}
          d={pathOf(values, highest)}
          stroke={`var(${colours[index] ?? '--perch-accent'})`}
          strokeDasharray={index === 0 ? undefined : '5 3'}
        />
      ))}
      {series.map((values, index) => (
        <path
          key={colours[index]}
          className={classes.points}
          d={pointsOf(values, highest)}
          stroke={`var(${colours[index] ?? '--perch-accent'})`}
        />
      ))}
      {cursor !== null && <path className={classes.cursor} d={`M${(cursor * step).toFixed(1)},0V${height}`} />}
    </svg>
  );
}

/** What the pointer and the keys do with the steps. */
function useSteps({ series, cursor = null, onCursor, onRange }: SparklineProps) {
  const [chosen, setChosen] = useState<StepRange | null>(null);
  const last = lengthOf(series) - 1;
  const stepAt = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width: wide } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(last, Math.round(((clientX - left) / Math.max(1, wide)) * last)));
  };
  const apply = (range: StepRange | null) => {
    setChosen(null);
    if (range && range.from !== range.to)
      onRange?.({ from: Math.min(range.from, range.to), to: Math.max(range.from, range.to) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!onRange || last < 1) return;
    const now = cursor ?? last;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const next = Math.max(0, Math.min(last, now + (event.key === 'ArrowLeft' ? -1 : 1)));
      setChosen(event.shiftKey ? { from: chosen?.from ?? now, to: next } : null);
      onCursor?.(next);
    } else if (event.key === 'Enter') apply(chosen);
    else if (event.key === 'Escape' && chosen) setChosen(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    chosen,
    onKeyDown: onRange && onKeyDown,
    onPointerDown: (event: PointerEvent) => {
      if (!onRange) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      setChosen({ from: stepAt(event), to: stepAt(event) });
    },
    onPointerMove: (event: PointerEvent) => {
      onCursor?.(stepAt(event));
      if (chosen && event.buttons > 0) setChosen({ from: chosen.from, to: stepAt(event) });
    },
    onPointerUp: () => apply(chosen),
    onPointerLeave: () => onCursor?.(null),
    onBlur: () => {
      setChosen(null);
      onCursor?.(null);
    },
  };
}

function lengthOf(series: SparklineProps['series']): number {
  return Math.max(0, ...series.map((values) => values.length));
}

/** A line through what is known, begun anew behind each gap. */
function pathOf(values: readonly (number | null)[], highest: number): string {
  return values
    .map((value, index) => {
      if (value === null) return '';
      const isStart = index === 0 || values[index - 1] === null;
      return `${isStart ? 'M' : 'L'}${placeOf(values, index, value / highest)}`;
    })
    .join('');
}

const FEW = 12;

/** Dots where a line alone would hardly be seen: at every value while few are known, else at those between two gaps. */
function pointsOf(values: readonly (number | null)[], highest: number): string {
  const isFew = values.filter((value) => value !== null).length <= FEW;
  return values
    .map((value, index) => {
      const isLonely = (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
      return value !== null && (isFew || isLonely) ? `M${placeOf(values, index, value / highest)}h0` : '';
    })
    .join('');
}

/** `share` of the height, as the coordinates of a path. */
function placeOf({ length }: readonly unknown[], index: number, share: number): string {
  const x = (index * width) / Math.max(1, length - 1);
  return `${x.toFixed(1)},${(height - padding - share * (height - 2 * padding)).toFixed(1)}`;
}
