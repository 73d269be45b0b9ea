import { FORMULA, type ImportedUser, importedUserRows } from '@perch/policy';
import Papa from 'papaparse';

/** The users that have a password, as the import of users reads them. */
export function csvOf(users: readonly ImportedUser[]): string {
  return Papa.unparse(importedUserRows(users), { newline: '\r\n', escapeFormulae: FORMULA });
}
