/**
 * What a spreadsheet runs as a formula, in a cell of a file of users: it is written with an apostrophe before it, which
 * reading takes off again. What begins with apostrophes already gets one more, so that it comes back as it was.
 */
export const FORMULA = /^'*[=+\-@\t\r]/;

/** How a CSV file is read. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly newline: '\r\n' | '\n' | '\r';
}

/** What stands between names of columns stands between cells: no need to guess from cells that may hold anything. */
export function csvDialect(text: string): CsvDialect {
  const [, delimiter = ','] = /^[^\r\n]*?([,;\t])/.exec(text) ?? [];
  const [newline = '\n'] = /\r\n|\n|\r/.exec(text) ?? [];
  return { delimiter, newline: newline as CsvDialect['newline'] };
}
