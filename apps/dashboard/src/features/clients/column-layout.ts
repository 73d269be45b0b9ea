/** The columns that a reader may move, hide and make wider; the ones before and behind them stay. */
export const columnKeys = [
  'online',
  'clientId',
  'username',
  'protocol',
  'address',
  'since',
  'subscriptions',
  'inFlight',
  'rate',
  'reason',
  'connectedFor',
  'node',
] as const;

export type ColumnKey = (typeof columnKeys)[number];

/** How one operator wants the columns. */
export interface ColumnLayout {
  /** Each of them once. */
  readonly order: readonly ColumnKey[];
  readonly hidden: readonly ColumnKey[];
  /** CSS pixels, of those that have a width of their own. */
  readonly widths: Readonly<Partial<Record<ColumnKey, number>>>;
}

/** What a column is without a layout: its least width in CSS pixels, its share of what is left over, and its weight. */
interface ColumnTerms {
  readonly least: number;
  readonly share: number;
  /** Where there is no room the one that weighs least goes first. */
  readonly weight: number;
}

const terms: Readonly<Record<ColumnKey, ColumnTerms>> = {
  online: { least: 84, share: 0, weight: 9 },
  clientId: { least: 120, share: 2.2, weight: 10 },
  username: { least: 80, share: 1, weight: 6 },
  protocol: { least: 116, share: 0, weight: 4 },
  address: { least: 112, share: 1, weight: 5 },
  since: { least: 104, share: 0, weight: 7 },
  subscriptions: { least: 100, share: 0, weight: 2.5 },
  inFlight: { least: 124, share: 0, weight: 2.4 },
  rate: { least: 124, share: 0, weight: 2.6 },
  reason: { least: 110, share: 1, weight: 3 },
  connectedFor: { least: 112, share: 0, weight: 2 },
  node: { least: 90, share: 0.6, weight: 1 },
};

/** A column is never narrower or wider, in CSS pixels. */
export const columnWidths = { least: 60, most: 640, step: 20 } as const;

export const defaultLayout: ColumnLayout = { order: columnKeys, hidden: ['node'], widths: {} };

const GAP = 12;
/** The padding of a row, the column to choose with and the menu. */
const AROUND = 32 + 20 + 24 + 2 * GAP;

/** Those that are shown in so many CSS pixels: as many as fit, the weightiest first, at least the client and its state. */
export function shownColumns({ order, hidden, widths }: ColumnLayout, room: number): readonly ColumnKey[] {
  const wanted = order.filter((key) => !hidden.includes(key));
  const shown = new Set(wanted);
  const least = (key: ColumnKey) => (widths[key] ?? terms[key].least) + GAP;
  const needed = () => [...shown].reduce((sum, key) => sum + least(key), AROUND);
  const byWeight = [...wanted].sort((a, b) => terms[a].weight - terms[b].weight);
  while (needed() > room && shown.size > 2) shown.delete(byWeight.shift() as ColumnKey);
  return wanted.filter((key) => shown.has(key));
}

/** The columns of the grid, `grid-template-columns`. */
export function gridTemplate(shown: readonly ColumnKey[], { widths }: ColumnLayout): string {
  const hasRest = shown.some((key) => widths[key] === undefined && terms[key].share > 0);
  const columns = shown.map((key) => {
    const { least, share } = terms[key];
    const own = widths[key];
    if (own !== undefined) return `${own}px`;
    return share > 0 ? `minmax(0, ${share}fr)` : `${least}px`;
  });
  return ['20px', ...columns, hasRest ? '24px' : 'minmax(24px, 1fr)'].join(' ');
}

/** The same with a column one place further on, or back. */
export function moved(layout: ColumnLayout, key: ColumnKey, by: 1 | -1): ColumnLayout {
  const order = layout.order.filter((each) => each !== key);
  const to = Math.max(0, Math.min(order.length, layout.order.indexOf(key) + by));
  return { ...layout, order: order.toSpliced(to, 0, key) };
}

/** The same with a column so wide. */
export function resized(layout: ColumnLayout, key: ColumnKey, width: number): ColumnLayout {
  const own = Math.round(Math.max(columnWidths.least, Math.min(columnWidths.most, width)));
  return { ...layout, widths: { ...layout.widths, [key]: own } };
}

/** The same with a column shown or not. The client id always is. */
export function toggled(layout: ColumnLayout, key: ColumnKey): ColumnLayout {
  if (key === 'clientId') return layout;
  const hidden = layout.hidden.includes(key) ? layout.hidden.filter((each) => each !== key) : [...layout.hidden, key];
  return { ...layout, hidden };
}

/** The width that a column has, or begins with when it is changed. */
export function widthOf({ widths }: ColumnLayout, key: ColumnKey): number {
  return widths[key] ?? terms[key].least;
}

/** What was kept, as far as it is a layout: columns that are new since have their place at the end. */
export function layoutOf(kept: unknown): ColumnLayout {
  if (typeof kept !== 'object' || kept === null) return defaultLayout;
  const { order, hidden, widths } = kept as Record<string, unknown>;
  const known = keysOf(order);
  const isNew = (key: ColumnKey) => !known.includes(key);
  const chosen = keysOf(hidden).filter((key) => key !== 'clientId');
  return {
    order: [...known, ...columnKeys.filter(isNew)],
    hidden: Array.isArray(hidden) ? [...chosen, ...defaultLayout.hidden.filter(isNew)] : defaultLayout.hidden,
    widths: widthsOf(widths),
  };
}

function keysOf(kept: unknown): ColumnKey[] {
  const texts: unknown[] = Array.isArray(kept) ? [...new Set<unknown>(kept)] : [];
  return texts.filter((key): key is ColumnKey => columnKeys.some((known) => known === key));
}

function widthsOf(kept: unknown): ColumnLayout['widths'] {
  if (typeof kept !== 'object' || kept === null) return {};
  const own = columnKeys.flatMap((key) => {
    const width = (kept as Record<string, unknown>)[key];
    return typeof width === 'number' && width >= columnWidths.least && width <= columnWidths.most ? [[key, width]] : [];
  });
  return Object.fromEntries(own) as ColumnLayout['widths'];
}
