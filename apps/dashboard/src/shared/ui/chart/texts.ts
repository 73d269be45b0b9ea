/** The words of a chart. */
export const chartTexts = {
  kind: 'chart',
  chart: (label: string) => `${label}. Arrow keys move the cursor, plus and minus zoom, 0 shows everything.`,
  newest: 'latest',
} as const;
