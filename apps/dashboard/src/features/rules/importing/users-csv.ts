import { FORMULA, type ImportedUser, importedUserRows } from '@perch/policy';
import Papa from 'papaparse';

/** The users that have a password as a file to keep, in the format of the import of users. */
export function usersCsv(users: readonly ImportedUser[]): string {
  return Papa.unparse(importedUserRows(users), { newline: '\r\n', escapeFormulae: FORMULA });
}
