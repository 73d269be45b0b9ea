import { Group, Text } from '@mantine/core';
import type { Series } from '../../shared/api/generated/types.gen.js';
import { Chart } from '../../shared/ui/chart.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { Panel } from '../../shared/ui/panel.js';
import { type ChartPlan, isKnown, linesOf, timesOf } from './charts.js';
import { formatterOf } from './format-metric.js';
import { SeriesTable } from './series-table.js';
import { metricsTexts } from './texts.js';
import classes from './metrics-page.module.css';

interface MetricChartProps {
  readonly plan: ChartPlan;
  readonly series: Series | undefined;
  readonly asTable: boolean;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onZoomOut: () => void;
}

/** One chart with the Prometheus names of what it shows, or the same as a table. */
export function MetricChart({ plan, series, asTable, onZoom, onZoomOut }: MetricChartProps) {
  return (
    <Panel title={plan.title}>
      {series === undefined ? (
        <div className={classes.waiting} />
      ) : (
        <Body plan={plan} series={series} asTable={asTable} onZoom={onZoom} onZoomOut={onZoomOut} />
      )}
      <PrometheusNames plan={plan} />
    </Panel>
  );
}

function Body({ plan, series, asTable, onZoom, onZoomOut }: MetricChartProps & { series: Series }) {
  const { lines, omitted } = linesOf(plan, series);
  const [metric] = plan.metrics;
  if (metric === undefined) return null;
  const format = formatterOf(metric);
  const times = timesOf(series);
  if (!isKnown(lines)) {
    return (
      <Text size="sm" c="dimmed" className={classes.nothing}>
        {lines.length === 0 ? metricsTexts.nothingYet : metricsTexts.nothingKnown}
      </Text>
    );
  }
  return (
    <>
      {asTable ? (
        <SeriesTable label={plan.title} times={times} lines={lines} format={format} />
      ) : (
        <Chart
          label={plan.title}
          times={times}
          lines={lines}
          span={[Date.parse(series.from), Date.parse(series.to)]}
          format={format}
          isWhole={metric.type === 'gauge' && metric.unit === 'count'}
          cursorKey="metrics"
          onZoom={onZoom}
          onZoomOut={onZoomOut}
        />
      )}
      {omitted > 0 && (
        <Text size="xs" c="dimmed">
          {metricsTexts.omitted(omitted)}
        </Text>
      )}
    </>
  );
}

function PrometheusNames({ plan }: { plan: ChartPlan }) {
  return (
    <Group gap="4px 12px" mt="xs">
      {plan.metrics.map(({ name, help }) => (
        <span key={name} className={classes.name} title={help} lang="en">
          <code className="perch-mono">{name}</code>
          <CopyButton value={name} label={metricsTexts.copyName(name)} />
        </span>
      ))}
    </Group>
  );
}
