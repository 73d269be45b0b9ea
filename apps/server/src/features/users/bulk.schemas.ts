import { z } from 'zod';
import { label } from './user-fields.js';
import { UserFilter } from './user.schemas.js';

/** Users that one request may change. */
export const MOST_USERS = 100_000;

const which = {
  ids: z.array(z.string().max(64)).max(MOST_USERS).optional().describe('These users; or `filter`.'),
  filter: UserFilter.optional().describe('All users that it means at that moment; `{}` is everybody.'),
};

export const BulkChange = z
  .strictObject({
    action: z.enum(['disable', 'enable', 'delete', 'addLabel', 'removeLabel']),
    label: label.optional().describe('Of addLabel and removeLabel.'),
    ...which,
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    path: ['ids'],
    message: 'say either ids or filter',
  })
  .refine(({ action, label }) => action.endsWith('Label') === (label !== undefined), {
    path: ['label'],
    message: 'goes with addLabel and removeLabel, and with them only',
  })
  .meta({ id: 'BulkChange' });

export type BulkChange = z.infer<typeof BulkChange>;

export const BulkResult = z
  .object({
    changed: z.int(),
    unchanged: z.int().describe('They were so already.'),
    changedIds: z.array(z.string()).describe('Ask for the opposite with these to take it back.'),
    problems: z
      .array(z.object({ id: z.string(), username: z.string().nullable(), message: z.string() }))
      .describe('Users that could not be changed, and why. The others were.'),
  })
  .meta({ id: 'BulkResult' });

export type BulkResult = z.infer<typeof BulkResult>;
