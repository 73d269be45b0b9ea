import type uPlot from 'uplot';

interface PlacedLabel {
  readonly text: string;
  readonly colour: string;
  /** Canvas pixels. */
  y: number;
}

const LINE_HEIGHT = 14;
const LONGEST = 18;

/** Writes each line's name beside its newest value, none over another. */
export function drawDirectLabels(plot: uPlot, colours: readonly string[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const labels = plot.series
    .map((series, index) => placed(plot, { series, index, colour: colours[index - 1] ?? '' }))
    .filter((label) => label !== null)
    .sort((a, b) => a.y - b.y);
  spread(labels, LINE_HEIGHT * ratio, bbox.top + bbox.height);
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { text, colour, y } of labels) {
    ctx.fillStyle = colour;
    ctx.fillText(text, bbox.left + bbox.width + 6 * ratio, y);
  }
  ctx.restore();
}

/** How much room the longest of them needs, in CSS pixels. */
export function labelsWidth(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Math.min(name.length, LONGEST))) * 6.2 + 12;
}

interface Candidate {
  readonly series: uPlot.Series;
  readonly index: number;
  readonly colour: string;
}

function placed(plot: uPlot, { series, index, colour }: Candidate): PlacedLabel | null {
  if (index === 0) return null;
  const values = plot.data[index] ?? [];
  let last = values.length - 1;
  while (last >= 0 && values[last] == null) last -= 1;
  const value = values[last];
  if (value == null) return null;
  const name = typeof series.label === 'string' ? series.label : '';
  const text = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
  return { text, colour, y: plot.valToPos(value, 'y', true) };
}

/** Pushes labels down that would lie over the one above, and then all of them up where they leave the chart. */
function spread(labels: PlacedLabel[], distance: number, bottom: number): void {
  for (let index = 1; index < labels.length; index++) {
    const [above, label] = [labels[index - 1], labels[index]];
    if (above && label) label.y = Math.max(label.y, above.y + distance);
  }
  let lowest = bottom;
  for (const label of labels.toReversed()) {
    label.y = Math.min(label.y, lowest);
    lowest = label.y - distance;
  }
}
