/** A plot with logarithmic axes: how the values of a few series change with x. */
export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

/** A named line; x and y are above 0. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 540;
const TOP = 44;
const BOTTOM = 304;

// Colours that stay apart on white and on black, and for those who see few colours; each line has marks of its own, too.
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #333; }
  .title { font-weight: 600; font-size: 15px; }
  .grid { stroke: #ddd; }
  .line { fill: none; stroke-width: 2; }
  .s0 { stroke: #0a6ebd; } .s0m, .s0t { fill: #0a6ebd; }
  .s1 { stroke: #b8560f; } .s1m, .s1t { fill: #b8560f; }
  .s2 { stroke: #6b7280; } .s2m, .s2t { fill: #6b7280; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; }
    .grid { stroke: #444; }
    .s0 { stroke: #58b0f5; } .s0m, .s0t { fill: #58b0f5; }
    .s1 { stroke: #f0995a; } .s1m, .s1t { fill: #f0995a; }
    .s2 { stroke: #a8b0bd; } .s2m, .s2t { fill: #a8b0bd; }
  }`;

/** The plot as an SVG document, readable on light and on dark pages. */
export function plotSvg({ title, xLabel, yLabel, series }: Plot): string {
  const points = series.flatMap((each) => each.points);
  const x = scale(
    points.map((point) => point.x),
    [LEFT, RIGHT - 20],
  );
  const y = scale([...points.map((point) => point.y)], [BOTTOM, TOP]);
  const parts = [
    text(title, [LEFT, 24], 'class="title"'),
    ...x.ticks.flatMap((tick) => [
      line([x.at(tick), TOP], [x.at(tick), BOTTOM]),
      text(format(tick), [x.at(tick), BOTTOM + 20], 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      line([LEFT, y.at(tick)], [RIGHT, y.at(tick)]),
      text(format(tick), [LEFT - 8, y.at(tick) + 4], 'text-anchor="end"'),
    ]),
    text(xLabel, [(LEFT + RIGHT) / 2, BOTTOM + 44], 'text-anchor="middle"'),
    text(yLabel, [0, 0], `text-anchor="middle" transform="translate(16 ${(TOP + BOTTOM) / 2}) rotate(-90)"`),
    ...labelled(series, y).flatMap(({ name, points, labelY }, index) => {
      const places = points.map((point) => [round(x.at(point.x)), round(y.at(point.y))] as const);
      return [
        `<polyline class="line s${index}" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
        ...places.map((place) => mark(index, place)),
        text(name, [RIGHT + 6, labelY + 4], `class="s${index}t"`),
      ];
    }),
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`;
  return [head, `<title>${escape(title)}</title>`, `<style>${STYLE}\n</style>`, ...parts, '</svg>', ''].join('\n');
}

/** A logarithmic axis that reaches a little beyond the values; ticks at 1, 2 and 5, or at powers of ten where that is many. */
function scale(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const low = Math.log10(Math.min(...values)) - 0.08;
  const high = Math.max(Math.log10(Math.max(...values)) + 0.08, low + 0.5);
  const steps = high - low > 2.5 ? [1] : [1, 2, 5];
  const exponents = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, index) => Math.floor(low) + index,
  );
  const ticks = exponents.flatMap((exponent) => steps.map((step) => step * 10 ** exponent));
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high),
  };
}

/** Names stand at the ends of their lines, and not on one another. */
function labelled(series: readonly Series[], y: Scale): (Series & { labelY: number })[] {
  const placed = series.map((each) => ({ ...each, labelY: y.at(each.points.at(-1)?.y ?? 1) }));
  const sorted = placed.toSorted((one, other) => one.labelY - other.labelY);
  for (const [index, label] of sorted.entries()) {
    const above = sorted[index - 1];
    if (above && label.labelY < above.labelY + 16) label.labelY = above.labelY + 16;
  }
  return placed;
}

function mark(index: number, [x, y]: readonly [number, number]): string {
  if (index === 0) return `<circle class="s0m" cx="${x}" cy="${y}" r="4"/>`;
  if (index === 1) return `<rect class="s1m" x="${x - 4}" y="${y - 4}" width="8" height="8"/>`;
  return `<path class="s2m" d="M${x} ${y - 5}l5 9h-10z"/>`;
}

function line([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  return `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function text(content: string, [x, y]: readonly [number, number], attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function format(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
