/** The words of the import of users. */
export const importTexts = {
  title: 'Import users',
  explain:
    'A CSV file whose first row names its columns, or a password file of Mosquitto. Passwords may be plain or hashed: bcrypt, argon2, PBKDF2 and those of mosquitto_passwd.',
  columns: 'Columns',
  format: 'Format',
  formats: { csv: 'CSV', mosquitto: 'Mosquitto' },
  existing: 'Names that are taken',
  existingKinds: { error: 'Are errors', skip: 'Are left alone', update: 'Are updated' },
  skipErrors: 'Import the rows that are right, leave out the others',
  disconnect: 'Disconnect clients whose password the file sets',
  trying: 'The file is tried…',
  summary: ({ created, updated, skipped, failed }: Record<'created' | 'updated' | 'skipped' | 'failed', string>) =>
    `${created} to create, ${updated} to update, ${skipped} to leave alone, ${failed} with errors`,
  nothing: 'Nothing in the file is to be imported.',
  preview: 'First rows',
  row: 'Row',
  username: 'Username',
  outcome: 'What becomes of it',
  outcomes: { create: 'Created', update: 'Updated', skip: 'Left alone', error: 'Error' },
  apply: (count: string) => `Import (${count})`,
  progress: (done: string, total: string) => `${done} of ${total} rows`,
  stop: 'Stop',
  done: (created: string, updated: string) => `Users created: ${created}, updated: ${updated}`,
  stopped: (rows: string) => `Stopped: the first ${rows} rows are imported, the others are not.`,
} as const;
