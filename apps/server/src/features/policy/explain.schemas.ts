import { z } from 'zod';
import { draftFields } from './rule.schemas.js';

const client = z.strictObject({
  clientId: z.string().max(65_535),
  username: z.string().max(65_535).nullish(),
  address: z.string().max(64).nullish(),
  labels: z.array(z.string().max(256)).max(256).default([]).describe('What its user carries.'),
});

/** Who is asked about. */
export const clientFields = {
  client: client.optional().describe('Whoever it is; or `clientId`.'),
  clientId: z.string().max(65_535).optional().describe('A client that has a session, with all that is known of it.'),
};

export type AskedClient = z.infer<z.ZodObject<typeof clientFields>>;

/** Whoever asks describes a client or names one. */
export const oneClient: [(asked: AskedClient) => boolean, { path: string[]; message: string }] = [
  ({ client, clientId }) => (client === undefined) !== (clientId === undefined),
  { path: ['client'], message: 'say either client or clientId' },
];

export const ExplainInput = z
  .strictObject({
    ...clientFields,
    action: z.enum(['publish', 'subscribe']),
    topic: z.string().max(65_535),
    ...draftFields,
    revision: z.int().min(1).optional().describe('Judge by this revision instead. Not together with `rules`.'),
  })
  .refine(...oneClient)
  .meta({ id: 'ExplainInput' });

export type ExplainInput = z.infer<typeof ExplainInput>;

const level = z.object({ wanted: z.string(), rule: z.string(), matches: z.boolean() });

/** Who was judged. */
export const JudgedClient = z
  .object({
    clientId: z.string(),
    username: z.string().nullable(),
    address: z.string().nullable(),
    labels: z.array(z.string()),
    ownRules: z.int().describe('How many rules it brought along; they were judged too.'),
    live: z.boolean().describe('True when it was filled in from a session of the broker.'),
  })
  .meta({ id: 'JudgedClient' });

export type JudgedClient = z.infer<typeof JudgedClient>;

/** The decision, and rule by rule why it did or did not apply. */
export const Explanation = z
  .object({
    allowed: z.boolean(),
    ruleId: z.string().nullable(),
    by: z
      .enum(['rule', 'own-rule', 'default', 'built-in'])
      .describe('A rule of the policy, one that the client brought along, the default, or what no rule can change.'),
    reason: z.string(),
    exclusions: z.array(z.string()),
    steps: z.array(
      z.object({
        ruleId: z.string(),
        index: z.int(),
        isOwn: z.literal(true).optional().describe('The client brought this rule along.'),
        applies: z.boolean(),
        outcome: z.enum([
          'applies',
          'disabled',
          'shadow',
          'expired',
          'subject',
          'access',
          'topic',
          'placeholder',
          'invalid',
          'excludes',
        ]),
        text: z.string(),
        topics: z.array(z.object({ filter: z.string(), levels: z.array(level), matches: z.boolean() })).optional(),
      }),
    ),
  })
  .meta({ id: 'Explanation' });

export type Explanation = z.infer<typeof Explanation>;

/** The same, with who was judged by what. */
export const ExplainAnswer = Explanation.extend({
  client: JudgedClient,
  against: z.enum(['live', 'draft', 'revision']),
  revision: z.int().describe('The revision that was asked, or that the draft was laid over.'),
}).meta({ id: 'ExplainAnswer' });

export type ExplainAnswer = z.infer<typeof ExplainAnswer>;
