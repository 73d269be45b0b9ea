import { expect, test } from 'vitest';
import type { Metric } from './catalogue/metric.js';
import { expositionText } from './exposition.js';

const metric = (fields: Partial<Metric>): Metric => ({
  name: 'perch_things',
  type: 'gauge',
  group: 'messages',
  unit: 'count',
  help: 'Things.',
  read: () => null,
  ...fields,
});

test('HELP and TYPE come once, before all samples of a metric', () => {
  const things = metric({ label: 'kind' });
  const readings = ['a', 'b'].map((labelValue) => ({ metric: things, labelValue, value: 1.5 }));
  expect(expositionText(readings, 'prometheus')).toBe(
    '# HELP perch_things Things.\n# TYPE perch_things gauge\nperch_things{kind="a"} 1.5\nperch_things{kind="b"} 1.5\n',
  );
});

test('quotes, backslashes and line breaks in label values are escaped', () => {
  const reading = { metric: metric({ label: 'kind' }), labelValue: 'a"b\\c\nd', value: 1 };
  expect(expositionText([reading], 'prometheus')).toContain('perch_things{kind="a\\"b\\\\c\\nd"} 1\n');
});

test('in OpenMetrics a counter is named without _total, and the text says where it ends', () => {
  const reading = { metric: metric({ name: 'perch_things_total', type: 'counter' }), labelValue: null, value: 3 };
  expect(expositionText([reading], 'openmetrics')).toBe(
    '# HELP perch_things Things.\n# TYPE perch_things counter\nperch_things_total 3\n# EOF\n',
  );
});
