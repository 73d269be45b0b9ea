const GAP = '  ';

/** Rows as columns of even width, under their headings; without rows nothing. What a terminal would act on is shown as `?`. */
export function columns(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const table = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, at) => Math.max(...table.map((row) => (row[at] ?? '').length)));
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Names and topics are whatever clients choose: none of them may move the cursor or ring the bell. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}
