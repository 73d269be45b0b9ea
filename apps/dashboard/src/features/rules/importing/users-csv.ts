import { type ImportedUser, importedUserRows } from '@perch/policy';
import Papa from 'papaparse';

/** Cells that a spreadsheet would run as a formula get an apostrophe, which the import of users takes off again. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** The users that have a password as a file to keep, in the format of the import of users. */
export function usersCsv(users: readonly ImportedUser[]): string {
  return Papa.unparse(importedUserRows(users), { newline: '\r\n', escapeFormulae: FORMULA });
}
