import { z } from 'zod';

/** Rows that one request may try, and that one may import; a larger file is sent in parts. */
export const MOST_ROWS_TRIED = 100_000;
export const MOST_ROWS = 10_000;

/** Passwords that one request may ask to be hashed: at 36 ms of a core each, a matter of a minute. */
export const MOST_PASSWORDS = 1000;

/** The largest body of an import: a row is seldom more than 200 characters. */
export const IMPORT_LIMIT_BYTES = 32 * 1024 * 1024;

export const UserImport = z
  .strictObject({
    format: z.enum(['csv', 'mosquitto']).describe('`mosquitto`: a password file as mosquitto_passwd writes it.'),
    content: z.string().min(1).describe('The file.'),
    existing: z.enum(['error', 'skip', 'update']).default('error').describe('What becomes of names that are taken.'),
    skipErrors: z.boolean().default(false).describe('Import the rows that are right. Otherwise all rows, or none.'),
    disconnect: z.boolean().default(false).describe('End the connections of users whose password the file sets.'),
    dryRun: z.boolean().default(false).describe('Only say what would happen.'),
  })
  .meta({ id: 'UserImport' });

export type UserImport = z.infer<typeof UserImport>;

const outcome = z.enum(['create', 'update', 'skip', 'error']);

export const UserImportResult = z
  .object({
    applied: z.boolean().describe('False after a dry run.'),
    rows: z.int(),
    created: z.int(),
    updated: z.int(),
    skipped: z.int(),
    failed: z.int().describe('Rows with at least one problem.'),
    problems: z
      .array(z.object({ row: z.int(), column: z.string().nullable(), message: z.string() }))
      .describe('The first 1,000. Row 1 is the first line of the file.'),
    problemCount: z.int(),
    preview: z
      .array(z.object({ row: z.int(), username: z.string(), outcome }))
      .describe('What becomes of the first 200 rows.'),
  })
  .meta({ id: 'UserImportResult' });

export type UserImportResult = z.infer<typeof UserImportResult>;
