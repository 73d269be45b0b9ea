/** How one line of a chart looks: no two of the first eight have colour and dashes in common. */
export interface LineStyle {
  /** A token of the theme. */
  readonly token: string;
  /** Lengths of dashes and gaps in CSS pixels; empty for a solid line. */
  readonly dash: readonly number[];
}

/** As many lines as can be told apart. */
export const MAX_LINES = 8;

const tokens = ['--perch-accent', '--perch-warning', '--perch-online', '--perch-violet'] as const;
const dashes = [[], [6, 3], [2, 3], [9, 3, 2, 3]] as const;

/** Lines next to one another differ in colour and in dashes: colour is never the only sign. */
export function lineStyle(index: number): LineStyle {
  const hue = index % tokens.length;
  const turn = index < tokens.length ? 0 : 2;
  return { token: tokens[hue] ?? tokens[0], dash: dashes[(hue + turn) % dashes.length] ?? [] };
}
