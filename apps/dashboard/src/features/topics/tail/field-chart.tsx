import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { Chart } from '../../../shared/ui/chart.js';
import { formatCount } from '../../../shared/ui/format.js';
import { topicsTexts } from '../texts.js';
import { fieldLines } from './field-lines.js';
import type { JsonPath } from './json-path.js';
import type { Seen } from './tail-feed.js';

interface FieldChartProps {
  readonly rows: readonly Seen[];
  readonly path: JsonPath;
  readonly label: string;
}

/** The numbers at a path of the messages, over the time in which they passed. */
export function FieldChart({ rows, path, label }: FieldChartProps) {
  const { times, lines } = useMemo(() => fieldLines(rows, path), [rows, path]);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return (
      <Text size="sm" c="dimmed">
        {topicsTexts.tail.noNumbers}
      </Text>
    );
  }
  return <Chart label={label} times={times} lines={lines} span={[first, last]} format={formatCount} height={180} />;
}
