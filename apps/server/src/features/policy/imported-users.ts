import type { ImportedUser } from '@perch/policy';
import Papa from 'papaparse';

/** The users that have a password, as the import of users reads them. */
export function csvOf(users: readonly ImportedUser[]): string {
  const rows = users
    .filter(({ passwordHash }) => passwordHash !== null)
    .map(({ username, passwordHash, disabled, clientId, labels, note }) => ({
      username,
      password_hash: passwordHash ?? '',
      disabled: disabled ? 'true' : '',
      client_id: clientId ?? '',
      labels: labels.join(' '),
      note,
    }));
  return Papa.unparse(rows, { newline: '\r\n' });
}
