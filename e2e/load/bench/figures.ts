/** How each figure is called in a table. The last part of its name is its unit. */
export const figureTitles = {
  cpuUs: 'CPU µs',
  deliveriesPerS: 'deliveries/s',
  acksPerS: 'acknowledged/s',
  connectsPerS: 'connects/s',
  filtersPerS: 'filters subscribed/s',
  retainedPerS: 'retained/s',
  deliveryP99Us: 'p99 µs',
  steadyAckP99Us: 'p99 µs of acknowledgements at 10,000/s',
  longestGapUs: 'longest wait of any link in µs, all under load',
  linkBytes: 'bytes per idle link',
  filterBytes: 'bytes per filter',
  retainedBytes: 'bytes per retained message',
  rssGrowthBytes: 'growth of memory in MiB',
} as const;

export type FigureName = keyof typeof figureTitles;

const MIB = 1024 * 1024;

/** The number as a reader wants it: three digits that matter. */
export function formatFigure(name: FigureName, value: number): string {
  if (!Number.isFinite(value)) return '–';
  return formatNumber(name === 'rssGrowthBytes' ? value / MIB : value);
}

export function formatNumber(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: Math.min(digits, 2) });
}
