import { formatExact } from '../format.js';
import type { ChartProps } from './chart-props.js';
import { lineStyle } from './line-style.js';
import { chartTexts } from './texts.js';
import classes from './chart.module.css';

interface ChartLegendProps extends Pick<ChartProps, 'lines' | 'times' | 'format'> {
  /** Where the cursor is; null: nowhere, and the newest values are shown. */
  readonly index: number | null;
  /** The cursor is moved with keys: its values are read out. */
  readonly isRead: boolean;
}

/** Which line is which, and its value at the cursor. */
export function ChartLegend({ lines, times, format, index, isRead }: ChartLegendProps) {
  const at = index ?? times.length - 1;
  const time = times[at];
  return (
    <div className={classes.legend} aria-live={isRead ? 'polite' : 'off'}>
      <span className={classes.time}>
        {index === null || time === undefined ? chartTexts.newest : formatExact(time)}
      </span>
      {lines.map(({ label, values }, line) => (
        <span key={label} className={classes.entry}>
          <Swatch line={line} />
          <span className={classes.name}>{label}</span> <b>{format(values[at] ?? null)}</b>
        </span>
      ))}
    </div>
  );
}

function Swatch({ line }: { line: number }) {
  const { token, dash } = lineStyle(line);
  return (
    <svg width="22" height="8" aria-hidden className={classes.swatch}>
      <line x1="0" y1="4" x2="22" y2="4" stroke={`var(${token})`} strokeWidth="2" strokeDasharray={dash.join(' ')} />
    </svg>
  );
}
