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
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z.object({ items: z.array(AuditEntry), next: nextCursor }).meta({ id: 'AuditPage' });

export type AuditPage = z.infer<typeof AuditPage>;

export const AuditQuery = z.strictObject({
  operator: needle.optional(),
  action: needle.optional().describe('An action such as `users.create`, or the beginning of several such as `users`.'),
  object: needle.optional().describe('Part of the object, such as `user/pump-7`.'),
  result: z.enum(['done', 'refused']).optional(),
  ...pageQuery(500, 100),
});

export type AuditQuery = z.infer<typeof AuditQuery>;
