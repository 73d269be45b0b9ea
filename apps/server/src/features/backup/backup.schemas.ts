import { z } from 'zod';
import { text, yesOrNo } from '../../http/fields.js';
import { sectionNames } from './backup-section.js';

/** What a file says that it is. */
export const BACKUP_FORMAT = 'perch-backup';

/** The form that this version writes, and the newest that it reads. */
export const BACKUP_VERSION = 1;

/** The largest file: 100,000 users with a few words on each. */
export const BACKUP_LIMIT_BYTES = 64 * 1024 * 1024;

const section = z.enum(sectionNames);

export const BackupQuery = z.strictObject({
  secrets: yesOrNo
    .default(true)
    .describe('`false`: without the hashes of passwords, and without what hooks and tokens are signed with.'),
});

export type BackupQuery = z.infer<typeof BackupQuery>;

const restoreFields = {
  backup: z.record(z.string(), z.unknown()).describe('The file.'),
  mode: z
    .enum(['merge', 'replace'])
    .default('merge')
    .describe('`merge` adds and changes; `replace` also removes what the file does not have.'),
  sections: z.array(section).min(1).optional().describe('Left out: all that the file has. Others stay as they are.'),
  disconnect: z
    .boolean()
    .default(true)
    .describe('Whoever gets another password or loses something is disconnected, as against only losing it.'),
  overrideReason: text(2000)
    .trim()
    .min(1)
    .optional()
    .describe('Restores rules although access tests fail, and says why.'),
};

export const RestoreQuestion = z.strictObject(restoreFields).meta({ id: 'RestoreQuestion' });

export type RestoreQuestion = z.infer<typeof RestoreQuestion>;

export const RestoreInput = z
  .strictObject({ ...restoreFields, plan: z.string().max(64).describe('Of the plan that was looked at.') })
  .meta({ id: 'RestoreInput' });

export type RestoreInput = z.infer<typeof RestoreInput>;

/** How many items and problems are told one by one, of each section. */
export const ITEMS_SHOWN = 500;

const value = z.unknown().describe('As JSON; null for none.');

const PlannedItem = z.object({
  name: z.string(),
  outcome: z.enum(['create', 'change', 'remove', 'leave']),
  changes: z
    .array(z.object({ field: z.string(), before: value, after: value }))
    .describe('Without secrets: of those it is only said that they are others.'),
  note: z.string().nullable().describe('Why it is left alone.'),
});

/** What a restore would do, or has done, to one section. */
export const SectionReport = z.object({
  name: section,
  create: z.int(),
  change: z.int(),
  remove: z.int(),
  leave: z.int().describe('In the file, and not to be restored here.'),
  unchanged: z.int().describe('The same here as in the file.'),
  items: z.array(PlannedItem).describe(`The first ${ITEMS_SHOWN} that do not stay as they are.`),
  problems: z
    .array(z.object({ path: z.string().describe('In the file, such as `users.3.labels.0`.'), message: z.string() }))
    .describe(`The first ${ITEMS_SHOWN}.`),
  problemCount: z.int(),
});

export type SectionReport = z.infer<typeof SectionReport>;

export const RestorePlan = z
  .object({
    plan: z.string().describe('Names exactly this: send it to restore. It counts until something of it changes.'),
    applied: z.boolean().describe('It was done.'),
    version: z.int().describe('The form of the file.'),
    createdAt: z.string().nullable(),
    createdBy: z.string().nullable(),
    perch: z.string().nullable().describe('The version of Perch that wrote the file.'),
    broker: z.string().nullable().describe('The name of the broker that it was taken of.'),
    hasSecrets: z.boolean(),
    isPossible: z.boolean().describe('Nothing in it is wrong.'),
    sections: z.array(SectionReport),
  })
  .meta({ id: 'RestorePlan' });

export type RestorePlan = z.infer<typeof RestorePlan>;
