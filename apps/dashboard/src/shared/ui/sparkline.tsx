import classes from './sparkline.module.css';

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
}

const width = 180;
const height = 40;
const padding = 2;

/** A small chart of the last minutes without axes: lines only, scaled from zero to the highest value. */
export function Sparkline({ series, colours, label }: SparklineProps) {
  const highest = series.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0) || 1;
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {series.map((values, index) => (
        <path
          key={colours[index]}
          d={pathOf(values, highest)}
          stroke={`var(${colours[index] ?? '--perch-accent'})`}
          strokeDasharray={index === 0 ? undefined : '5 3'}
        />
      ))}
    </svg>
  );
}

/** A line through what is known, begun anew behind each gap. */
function pathOf(values: readonly (number | null)[], highest: number): string {
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number) => height - padding - (value / highest) * (height - 2 * padding);
  return values
    .map((value, index) => {
      if (value === null) return '';
      const isStart = index === 0 || values[index - 1] === null;
      return `${isStart ? 'M' : 'L'}${(index * step).toFixed(1)},${y(value).toFixed(1)}`;
    })
    .join('');
}
