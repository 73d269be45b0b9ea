import { z } from 'zod';
import { instant } from '../../http/fields.js';

/** Something that is done to many retained messages, as long as it takes. */
export const RetainedJob = z
  .object({
    id: z.string(),
    kind: z.enum(['delete', 'restore']),
    filter: z.string(),
    state: z.enum(['running', 'done', 'stopped', 'failed']),
    startedBy: z.string(),
    startedAt: instant,
    endedAt: instant.nullable(),
    total: z.int().describe('How many there were when it began.'),
    done: z.int().describe('Deleted, or put back.'),
    skipped: z.int().describe('Left alone: a newer message came, it expired, or it was gone.'),
    problem: z.string().nullable().describe('Why it failed.'),
    undoUntil: instant.nullable().describe('So long can be put back what was deleted; null where it cannot.'),
    isTooLargeToUndo: z.boolean().describe('It deletes more than the server keeps to put back.'),
  })
  .meta({ id: 'RetainedJob' });

export type RetainedJob = z.infer<typeof RetainedJob>;

export const RetainedJobs = z
  .object({
    items: z.array(RetainedJob).describe('The last 20 since the server started, newest first.'),
    undoMessages: z.int().describe('A deletion of more messages cannot be undone …'),
    undoBytes: z.int().describe('… nor one of more bytes.'),
  })
  .meta({ id: 'RetainedJobs' });

export type RetainedJobs = z.infer<typeof RetainedJobs>;

export const RetainedDeletion = z
  .strictObject({
    filter: z.string().min(1).max(65_535),
    expected: z
      .int()
      .min(0)
      .describe('How many the caller knows of. 409 when there are more than a tenth more by now.'),
  })
  .meta({ id: 'RetainedDeletion' });

export type RetainedDeletion = z.infer<typeof RetainedDeletion>;
