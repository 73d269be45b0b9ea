import { z } from 'zod';
import { instant, needle } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

const snapshot = z.record(z.string(), z.unknown()).nullable();

/** What an operator changed, or was refused to change. */
export const AuditEntry = z
  .object({
    id: z.string(),
    at: instant,
    operator: z.string(),
    action: z.string(),
    object: z.string(),
    result: z.enum(['done', 'refused']),
    address: z.string(),
    requestId: z.string(),
    before: snapshot,
    after: snapshot,
    reason: z.string().nullable(),
    hash: z.string().nullable().describe('SHA-256, in hex, over the hash of the entry before and this entry.'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z.object({ items: z.array(AuditEntry), next: nextCursor }).meta({ id: 'AuditPage' });

export type AuditPage = z.infer<typeof AuditPage>;

const filter = {
  operator: needle.optional(),
  action: needle.optional().describe('An action such as `users.create`, or the beginning of several such as `users`.'),
  object: needle.optional().describe('Part of the object, such as `user/pump-7`.'),
  match: z.enum(['part', 'exact']).optional().describe('`exact`: of this object alone, and not of `user/pump-70`.'),
  rule: needle.optional().describe('Id of a rule: the revisions that added, changed or removed it.'),
  result: z.enum(['done', 'refused']).optional(),
};

export type AuditFilter = z.infer<z.ZodObject<typeof filter>>;

export const AuditQuery = z.strictObject({ ...filter, ...pageQuery(500, 100) });

export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditExportQuery = z.strictObject({ format: z.enum(['ndjson', 'csv']).default('ndjson'), ...filter });

export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

/** Whether the log is as it was written. */
export const AuditReport = z
  .object({
    isIntact: z.boolean(),
    entries: z.int().describe('So many hold, from the oldest on.'),
    head: z.string().describe('The hash of the last that holds. Note it elsewhere: nobody can change it there.'),
    brokenAt: z
      .object({ id: z.string(), at: instant })
      .nullable()
      .describe('The first that was changed, or follows one that was removed.'),
  })
  .meta({ id: 'AuditReport' });

export type AuditReport = z.infer<typeof AuditReport>;

export const AuditRetention = z
  .strictObject({ days: z.int().min(30).max(3650).nullable().describe('Null keeps everything.') })
  .meta({ id: 'AuditRetention' });

export type AuditRetention = z.infer<typeof AuditRetention>;
