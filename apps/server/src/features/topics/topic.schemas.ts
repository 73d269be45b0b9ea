import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { Client } from '../clients/client.schemas.js';

/** Children of one topic that are shown at a time. */
export const MAX_CHILDREN = 10_000;

const topicText = z.string().max(65_535);

/** A level of the topic tree. */
export const TopicNode = z
  .object({
    topic: z.string().describe('The whole path. A filter where a level is `+` or `#`.'),
    level: z.string(),
    subscribers: z.int().describe('Subscriptions of clients to exactly this.'),
    subscribersBelow: z.int(),
    updatedAt: instant.nullable().describe('When the retained value of exactly this topic was set; null without one.'),
    retainedBelow: z
      .int()
      .describe('Topics below that keep a value, those included that expired within the last 30 s.'),
  })
  .meta({ id: 'TopicNode' });

export type TopicNode = z.infer<typeof TopicNode>;

export const TopicChildren = z
  .object({
    items: z.array(TopicNode).describe('By level.'),
    more: z.boolean().describe('There are more than these; ask with a `prefix`.'),
  })
  .meta({ id: 'TopicChildren' });

export type TopicChildren = z.infer<typeof TopicChildren>;

export const TopicChildrenQuery = z.strictObject({
  parent: topicText.optional().describe('The topic whose next levels are wanted; left out: the first levels.'),
  of: z.enum(['all', 'retained']).default('all').describe('`retained`: only what leads to a retained message.'),
  prefix: topicText.default('').describe('What the next level begins with.'),
  limit: z.coerce.number().int().min(1).max(MAX_CHILDREN).default(MAX_CHILDREN),
});

export type TopicChildrenQuery = z.infer<typeof TopicChildrenQuery>;

/** Topics whose rates one request may ask for. */
export const MOST_RATES = 1000;

export const TopicRateQuery = z
  .strictObject({ topics: z.array(topicText.min(1)).max(MOST_RATES) })
  .meta({ id: 'TopicRateQuery' });

export type TopicRateQuery = z.infer<typeof TopicRateQuery>;

export const TopicRateList = z
  .object({
    rates: z
      .array(z.number().nullable())
      .describe(
        'In the order of the question: messages a second since it was asked last, measured over a second at least. Null: not ' +
          'known yet, since a topic is counted for only while somebody asks; ask again soon. Topics below do not count, and ' +
          'filters and `$SYS` have no rate.',
      ),
  })
  .meta({ id: 'TopicRateList' });

export type TopicRateList = z.infer<typeof TopicRateList>;

/** A subscription that a topic, or some topic of a filter, leads to. */
export const TopicSubscriber = z
  .object({
    clientId: Client.shape.clientId,
    username: Client.shape.username,
    online: z.boolean(),
    since: instant.describe('Since when the client is connected, or gone.'),
    filter: z.string().describe('As it was asked for, `$share/…` and all.'),
    share: z.string().nullable(),
    qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    noLocal: z.boolean(),
    ruleId: z.string().nullable().describe('The rule that allowed it; null for the default.'),
    excluded: z.boolean().describe('A denied filter keeps all that was asked about from it.'),
  })
  .meta({ id: 'TopicSubscriber' });

export type TopicSubscriber = z.infer<typeof TopicSubscriber>;

export const TopicSubscriberPage = z
  .object({ items: z.array(TopicSubscriber), next: nextCursor, total: z.int() })
  .meta({ id: 'TopicSubscriberPage' });

export type TopicSubscriberPage = z.infer<typeof TopicSubscriberPage>;

export const TopicSubscriberQuery = z.strictObject({
  filter: topicText.min(1).describe('A topic, or a filter: then every subscription that shares a topic with it.'),
  ...pageQuery(1000, 200),
});

export type TopicSubscriberQuery = z.infer<typeof TopicSubscriberQuery>;
