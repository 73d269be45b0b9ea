import { lazy, Suspense } from 'react';
import type { ChartProps } from './chart/chart-props.js';
import { loadChart } from './chart/load-chart.js';
import classes from './chart/chart.module.css';

export type { ChartLine, ChartProps } from './chart/chart-props.js';

const ChartCanvas = lazy(loadChart);

/** Lines over time with axes, a cursor and zoom. Its code is loaded when the first one is shown. */
export function Chart(props: ChartProps) {
  const { height = 200 } = props;
  return (
    <Suspense fallback={<div className={classes.waiting} style={{ height }} />}>
      <ChartCanvas {...props} />
    </Suspense>
  );
}
