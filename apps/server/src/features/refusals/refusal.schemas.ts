import { z } from 'zod';
import { instant, needle, yesOrNo } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { Explanation } from '../policy/explain.schemas.js';

const action = z.enum(['connect', 'publish', 'subscribe', 'will', 'delivery']);

/** Refusals that are alike, counted; in a list by client, action, topic or rule, those of one group. */
export const Refusal = z
  .object({
    key: z.string().describe('Names the row in this list; that of an entry also names its explanation.'),
    clientId: z.string().nullable().describe('Null where it was never said, or for the rest of the clients.'),
    username: z.string().nullable(),
    address: z.string().nullable(),
    labels: z.array(z.string()),
    protocol: z.string().nullable(),
    action,
    topic: z.string().nullable().describe('What was published to or subscribed with; null where there is none.'),
    refusal: z.string().describe('The broker’s word for why, such as `not-authorized` or `bad-credentials`.'),
    ruleId: z
      .string()
      .nullable()
      .describe(
        'The rule, or the authorizer by its name, that decided; null for the default, or where none was asked.',
      ),
    decider: z
      .enum(['rule', 'own-rule', 'default', 'built-in', 'authorizer'])
      .nullable()
      .describe('What decided, such as a rule that the client brought along; null where access control did not.'),
    revision: z.int().describe('The revision of the policy that judged so last.'),
    shadow: z.boolean().describe('Nothing was refused: the shadow policy would have.'),
    omits: z
      .enum(['topics', 'clients'])
      .nullable()
      .describe('The row sums up further topics of its client, or further clients, that a bound left out.'),
    count: z.int(),
    firstAt: instant,
    lastAt: instant,
    entries: z.int().describe('How many different entries the row stands for.'),
    series: z.array(z.int()).describe('Counts in steps of `stepMs`, from `since`.'),
  })
  .meta({ id: 'Refusal' });

export type Refusal = z.infer<typeof Refusal>;

/** One page of refusals. Of a group, what differs within it is said of its last refusal. */
export const RefusalPage = z
  .object({
    items: z.array(Refusal),
    next: nextCursor,
    total: z.int().describe('Refusals, not rows, that the filters let through.'),
    since: instant.describe('What was asked for, or a little earlier: the start of a quarter of an hour. See `isCut`.'),
    until: instant,
    stepMs: z.int(),
    isCut: z
      .boolean()
      .describe('There is more in the range than is looked at: `since` is later than what was asked for.'),
    summedUp: z.int().describe('Refusals since the server started that are counted without their topic or client.'),
    notKept: z.int().describe('Refusals since the server started that are missing: the database was away too long.'),
  })
  .meta({ id: 'RefusalPage' });

export type RefusalPage = z.infer<typeof RefusalPage>;

export const RefusalQuery = z.strictObject({
  group: z.enum(['entry', 'client', 'action', 'topic', 'rule']).default('entry'),
  sort: z.enum(['last', 'count']).default('last'),
  q: needle.optional().describe('Part of a client id, user name, address or topic.'),
  clientId: z.string().max(65_535).optional(),
  username: needle.optional(),
  address: needle.optional(),
  action: action.optional(),
  kind: z
    .enum(['connect', 'access'])
    .optional()
    .describe('`connect`: what was not let in; `access`: what was refused to a client that was.'),
  topic: z.string().max(65_535).optional().describe('A filter that the topic matches, or the same filter.'),
  rule: needle.optional().describe('The id of a rule, or `-` for what no rule allowed.'),
  refusal: needle.optional(),
  shadow: yesOrNo.default(false).describe('What would have been refused instead of what was.'),
  since: z.iso.datetime({ offset: true }).optional().describe('Left out: 24 hours before `until`.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Left out: now.'),
  ...pageQuery(500, 100),
});

export type RefusalQuery = z.infer<typeof RefusalQuery>;

export const RefusalKey = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/, 'must be the key of an entry'),
});

export type RefusalKey = z.infer<typeof RefusalKey>;

/** Why something was refused, by the policy of then, and what the live one says of it. */
export const RefusalExplanation = z
  .object({
    refusal: Refusal,
    then: Explanation.nullable().describe('By the policy, the client and the moment of the last such refusal.'),
    now: Explanation.nullable().describe('The same client and topic, by the live policy.'),
    note: z.string().nullable().describe('Why there is nothing to tell, or what could not be taken into account.'),
  })
  .meta({ id: 'RefusalExplanation' });

export type RefusalExplanation = z.infer<typeof RefusalExplanation>;
