import type { ImportedUser } from './import-analysis.js';

/** A row of a CSV file, by the columns of the import of users. */
export type ImportedUserRow = Readonly<
  Record<'username' | 'password_hash' | 'disabled' | 'client_id' | 'labels' | 'note', string>
>;

/** The users that have a password, as rows that the import of users reads. */
export function importedUserRows(users: readonly ImportedUser[]): ImportedUserRow[] {
  return users.flatMap(({ username, passwordHash, disabled, clientId, labels, note }) => {
    if (passwordHash === null) return [];
    return {
      username,
      password_hash: passwordHash,
      disabled: disabled ? 'true' : '',
      client_id: clientId ?? '',
      labels: labels.join(' '),
      note,
    };
  });
}
