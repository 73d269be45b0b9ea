import { z } from 'zod';
import { clientFields, JudgedClient, oneClient } from './explain.schemas.js';
import { draftFields, Rule } from './rule.schemas.js';

const action = z.enum(['publish', 'subscribe']);
const against = { ...draftFields, revision: z.int().min(1).optional().describe('Not together with `rules`.') };
const limit = z.int().min(1).max(1000).default(100).describe('How many are told; all are counted.');
const ruleId = z.string().nullable().describe('Null for the default.');

/** Topics that a client may publish to, or read: what the filter matches and no exclusion does. */
const Part = z.object({
  filter: z.string(),
  ruleId,
  by: z.enum(['rule', 'own-rule', 'default', 'built-in']),
  exclusions: z.array(z.string()),
  excludedBy: z.array(z.string()).describe('The deny rule behind each exclusion.'),
  example: z.string(),
});

const extent = z.enum(['all', 'part']).describe('`all`: the whole filter, with nothing cut out of it.');

export const WhoInput = z
  .strictObject({
    action,
    filter: z.string().max(65_535).describe('A topic, or anything under a filter.'),
    limit,
    ...against,
  })
  .meta({ id: 'PolicyWhoInput' });

export type WhoInput = z.infer<typeof WhoInput>;

/** Who can do it: of the clients that have a session, and whoever may come. */
export const WhoAnswer = z
  .object({
    clients: z.array(
      z.object({
        identity: z.object({
          clientId: z.string(),
          username: z.string().nullable(),
          address: z.string().nullable(),
          labels: z.array(z.string()).optional(),
        }),
        extent,
        parts: z.array(Part),
        hasMoreParts: z.boolean(),
      }),
    ),
    counts: z.object({ all: z.int(), part: z.int(), none: z.int() }),
    rules: z.array(
      z.object({
        ruleId,
        subject: Rule.shape.subject,
        value: z.string(),
        filter: z.string(),
        extent,
        cuts: z.array(
          z.object({
            ruleId: z.string(),
            subject: Rule.shape.subject,
            value: z.string(),
            filter: z.string(),
            of: z.enum(['all', 'some']),
          }),
        ),
        example: z.string(),
      }),
    ),
  })
  .meta({ id: 'PolicyWho' });

export type WhoAnswer = z.infer<typeof WhoAnswer>;

export const ReachInput = z
  .strictObject({ ...clientFields, action, limit, ...against })
  .refine(...oneClient)
  .meta({ id: 'PolicyReachInput' });

export type ReachInput = z.infer<typeof ReachInput>;

/** What one client can reach. */
export const ReachAnswer = z
  .object({ client: JudgedClient, parts: z.array(Part), hasMore: z.boolean() })
  .meta({ id: 'PolicyReach' });

export type ReachAnswer = z.infer<typeof ReachAnswer>;

const NewRule = Rule.omit({ id: true });

export const ProposeInput = z
  .strictObject({
    ...clientFields,
    action,
    topic: z.string().max(65_535),
    effect: z.enum(['allow', 'deny']).describe('What is wanted.'),
    ...against,
  })
  .refine(...oneClient)
  .meta({ id: 'PolicyProposeInput' });

export type ProposeInput = z.infer<typeof ProposeInput>;

/** The rules that would settle it, the narrowest first; or why there is none. */
export const Proposals = z
  .object({
    client: JudgedClient,
    proposals: z.array(
      z.object({
        scope: z.enum(['one', 'each-own']).describe('For this client alone, or for every client on its own topics.'),
        rule: NewRule,
        position: z.int().describe('Its index in the list once it is there, from 0.'),
      }),
    ),
    obstacle: z.string().nullable(),
  })
  .meta({ id: 'PolicyProposals' });

export type Proposals = z.infer<typeof Proposals>;

/** The least that a client needs, by what it does now. */
export const Suggestion = z
  .object({
    client: JudgedClient,
    rules: z.array(
      z.object({
        rule: NewRule.partial(),
        evidence: z.array(
          z.object({
            filter: z.string(),
            count: z.int().describe('How many topics that were used it stands for.'),
            examples: z.array(z.string()),
          }),
        ),
      }),
    ),
    excess: z
      .array(
        z.object({
          ruleId: z.string(),
          filter: z.string(),
          access: z.enum(['pub', 'sub']),
          isUsed: z.boolean(),
          example: z.string().describe('A topic that it allows and the suggestion does not.'),
        }),
      )
      .describe('What the policy allows beyond what was used.'),
    refused: z.int().describe('How much was used that the policy does not allow: it is not suggested.'),
  })
  .meta({ id: 'PolicySuggestion' });

export type Suggestion = z.infer<typeof Suggestion>;
