import { Anchor, Button, Group, SegmentedControl, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { reportError } from '../../shared/report-error.js';
import { formatDuration, formatExact } from '../../shared/ui/format.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { chartsOf } from './charts.js';
import { MetricChart } from './metric-chart.js';
import { metricCatalogue, metricSeries } from './queries.js';
import { type MetricGroup, metricGroups, metricRanges, type MetricsSearch } from './search.js';
import { downloadSeries } from './series-csv.js';
import { metricsTexts } from './texts.js';
import classes from './metrics-page.module.css';

const route = getRouteApi('/shell/metrics');

interface MetricsPageProps {
  /** What stands above the charts of a group. */
  readonly above: Partial<Readonly<Record<MetricGroup, ReactNode>>>;
}

/** Every figure of the server over time, group by group. */
export function MetricsPage({ above }: MetricsPageProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { group = 'connections', range = '15m', view = 'chart' } = search;
  const show = (change: MetricsSearch) => {
    navigate({ search: (now) => ({ ...now, ...change }), replace: true, resetScroll: false }).catch(reportError);
  };
  const catalogue = useQuery(metricCatalogue());
  const plans = chartsOf(catalogue.data?.items ?? [], group);
  const names = plans.flatMap(({ metrics }) => metrics.map(({ name }) => name));
  const series = useQuery(metricSeries(names, search));
  const { data } = series;
  const download = () => data && downloadSeries(group, data);
  return (
    <Page
      title={metricsTexts.title}
      aside={data && metricsTexts.step(formatDuration(data.stepSeconds * 1000))}
      actions={
        <>
          <Anchor href="/metrics?format=prometheus" size="sm">
            {metricsTexts.endpoint}
          </Anchor>
          <Button
            variant="default"
            size="xs"
            disabled={!data}
            onClick={download}
            aria-label={metricsTexts.csvLabel(metricsTexts.groups[group])}
          >
            {metricsTexts.csv}
          </Button>
        </>
      }
    >
      <Tabs value={group} onChange={(next) => show({ group: metricGroups.find((each) => each === next) })}>
        <Tabs.List aria-label={metricsTexts.groupsLabel}>
          {metricGroups.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {metricsTexts.groups[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={group} pt="md">
          <Controls range={range} view={view} zoom={search} onChange={show} />
          {above[group] !== undefined && <div className={classes.above}>{above[group]}</div>}
          <ListBody query={catalogue.error ? catalogue : series}>
            <div className={classes.charts}>
              {plans.map((plan) => (
                <MetricChart
                  key={plan.title}
                  plan={plan}
                  series={data}
                  asTable={view === 'table'}
                  onZoom={(from, to) => show({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })}
                  onZoomOut={() => show({ from: undefined, to: undefined })}
                />
              ))}
            </div>
          </ListBody>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

interface ControlsProps extends Pick<MetricsSearch, 'range'> {
  readonly view: 'chart' | 'table';
  readonly zoom: Pick<MetricsSearch, 'from' | 'to'>;
  readonly onChange: (change: MetricsSearch) => void;
}

function Controls({ range, view, zoom, onChange }: ControlsProps) {
  const { from, to } = zoom;
  const setRange = (next: string) =>
    onChange({ range: metricRanges.find((each) => each === next), from: undefined, to: undefined });
  return (
    <Group gap="sm" mb="md">
      <SegmentedControl
        size="xs"
        aria-label={metricsTexts.rangeLabel}
        value={range}
        onChange={setRange}
        data={metricRanges.map((each) => ({ value: each, label: metricsTexts.ranges[each] }))}
      />
      <SegmentedControl
        size="xs"
        aria-label={metricsTexts.viewLabel}
        value={view}
        onChange={(next) => onChange({ view: next === 'table' ? 'table' : undefined })}
        data={(['chart', 'table'] as const).map((each) => ({ value: each, label: metricsTexts.views[each] }))}
      />
      {from !== undefined && to !== undefined ? (
        <>
          <Text size="sm">{metricsTexts.zoomed(formatExact(from), formatExact(to))}</Text>
          <Button variant="default" size="compact-sm" onClick={() => onChange({ from: undefined, to: undefined })}>
            {metricsTexts.endZoom}
          </Button>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {metricsTexts.explain}
        </Text>
      )}
    </Group>
  );
}
