import { z } from 'zod';
import { clientEventKinds } from '../../broker/timeline/client-event.js';
import { instant } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

/** One thing that happened to a client, or alike refusals of a quarter of an hour. */
export const TimelineEvent = z
  .object({
    key: z.string().describe('Names the event in this timeline.'),
    at: instant.describe('When; of several refusals the last one.'),
    kind: z
      .enum([...clientEventKinds, 'refused'])
      .describe(
        '`refused`: it was not let in. `kicked`: by an operator; the disconnect that follows is an event of its own.',
      ),
    username: z.string().nullable(),
    address: z.string().nullable(),
    protocol: z.string().nullable(),
    reason: z
      .string()
      .nullable()
      .describe('Why the connection ended or was refused, in the broker’s word; what the operator said of a kick.'),
    connectedForMs: z.number().nullable().describe('How long it had been connected when it went.'),
    operator: z.string().nullable().describe('Who kicked it.'),
    count: z.int().describe('How many alike refusals these are; 1 for everything else.'),
    firstAt: instant.describe('The first of them.'),
  })
  .meta({ id: 'TimelineEvent' });

export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** One page of what happened to a client, the last first. */
export const TimelinePage = z
  .object({
    items: z.array(TimelineEvent),
    next: nextCursor,
    retentionDays: z.int().describe('Older events are forgotten.'),
    eventsPerClient: z.int().describe('About so many events of a client are kept, the last ones.'),
    notKept: z
      .int()
      .describe('Events of all clients since the start that are missing: the database was away too long.'),
  })
  .meta({ id: 'TimelinePage' });

export type TimelinePage = z.infer<typeof TimelinePage>;

export const TimelineQuery = z.strictObject({ ...pageQuery(500, 100) });

export type TimelineQuery = z.infer<typeof TimelineQuery>;
