import { z } from 'zod';
import { instant, line, text } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

const ruleFields = {
  effect: z.enum(['allow', 'deny']),
  subject: z.enum(['clientid', 'username', 'ipaddr', 'label', 'everyone']),
  access: z.enum(['pub', 'sub', 'pubsub']),
};

/** One line of the ordered access policy. */
export const Rule = z
  .object({
    id: z.string(),
    ...ruleFields,
    value: z
      .string()
      .describe(
        'Exact text, `*` for any; for `ipaddr` an address or CIDR, for `label` one of the labels of the client’s user.',
      ),
    topics: z.array(z.string()),
    enabled: z.boolean(),
    mode: z.enum(['enforce', 'shadow']),
    validUntil: instant.nullable(),
    note: z.string(),
  })
  .meta({ id: 'Rule' });

export type Rule = z.infer<typeof Rule>;

const ruleId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, `-` or `_`');
const topics = z.array(line(65_535)).max(256);
const note = text(2000);
const validUntil = z.iso.datetime({ offset: true }).nullable();

/** A rule as it is written. What it must hold beyond its shape is judged by libs/policy. */
export const RuleInput = z
  .strictObject({
    id: ruleId.optional().describe('Left out: a new rule.'),
    ...ruleFields,
    value: line(65_535).default('*'),
    topics,
    enabled: z.boolean().default(true),
    mode: z.enum(['enforce', 'shadow']).default('enforce'),
    validUntil: validUntil.default(null),
    note: note.default(''),
  })
  .meta({ id: 'RuleInput' });

export type RuleInput = z.infer<typeof RuleInput>;

export const RulePatch = z
  .strictObject({
    effect: ruleFields.effect.optional(),
    subject: ruleFields.subject.optional(),
    access: ruleFields.access.optional(),
    value: line(65_535).optional(),
    topics: topics.optional(),
    enabled: z.boolean().optional(),
    mode: z.enum(['enforce', 'shadow']).optional(),
    validUntil: validUntil.optional(),
    note: note.optional(),
  })
  .meta({ id: 'RulePatch' });

export type RulePatch = z.infer<typeof RulePatch>;

export const PolicySettings = z
  .object({ noMatch: z.enum(['allow', 'deny']), wildcardOverlap: z.enum(['exclude', 'reject']) })
  .meta({ id: 'PolicySettings' });

const settingsInput = z
  .strictObject({
    noMatch: z.enum(['allow', 'deny']).optional(),
    wildcardOverlap: z.enum(['exclude', 'reject']).optional(),
  })
  .meta({ id: 'PolicySettingsPatch' });

const revisionFields = {
  revision: z.int(),
  author: z.string(),
  message: z.string(),
  createdAt: instant,
};

/** One revision of the whole policy. */
export const PolicyDoc = z
  .object({ ...revisionFields, settings: PolicySettings, rules: z.array(Rule) })
  .meta({ id: 'PolicyDoc' });

export type PolicyDoc = z.infer<typeof PolicyDoc>;

/** A revision that was just made, with the subscriptions that it took away. */
export const PolicyChange = PolicyDoc.extend({
  dropped: z.array(z.object({ clientId: z.string(), filter: z.string(), ruleId: z.string().nullable() })),
}).meta({ id: 'PolicyChange' });

export type PolicyChange = z.infer<typeof PolicyChange>;

const message = line(500);

/** More would make every save slow for everybody; templates with %c and %u keep lists short. */
export const maxRules = 5000;

const rules = z.array(RuleInput).max(maxRules);

export const PolicyInput = z
  .strictObject({ rules, settings: settingsInput.optional(), message: message.default('') })
  .meta({ id: 'PolicyInput' });

export type PolicyInput = z.infer<typeof PolicyInput>;

const position = z.int().min(0).describe('Counted from 0; beyond the end means the end.');

export const NewRule = z
  .strictObject({ rule: RuleInput, position: position.optional().describe('Left out: the end of the list.') })
  .meta({ id: 'NewRule' });

export type NewRule = z.infer<typeof NewRule>;

export const RuleMove = z.strictObject({ position }).meta({ id: 'RuleMove' });

export type RuleMove = z.infer<typeof RuleMove>;

export const PolicyImport = z
  .strictObject({
    format: z.literal('acl.conf'),
    text: z.string(),
    mode: z.enum(['replace', 'prepend', 'append']),
    digits: z
      .enum(['pub-sub', 'sub-pub'])
      .default('pub-sub')
      .describe('What 1 and 2 mean: `pub-sub` reads 1 as publish, `sub-pub` reads 1 as subscribe.'),
    dryRun: z.boolean().default(false),
    message: message.default(''),
  })
  .meta({ id: 'PolicyImport' });

export type PolicyImport = z.infer<typeof PolicyImport>;

export const ExportQuery = z.strictObject({ format: z.enum(['acl.conf', 'json']).default('acl.conf') });

export type ExportQuery = z.infer<typeof ExportQuery>;

export const ExplainInput = z
  .strictObject({
    client: z.strictObject({
      clientId: z.string().max(65_535),
      username: z.string().max(65_535).nullish(),
      address: z.string().max(64).nullish(),
      labels: z.array(z.string().max(256)).max(256).default([]).describe('What its user carries.'),
    }),
    action: z.enum(['publish', 'subscribe']),
    topic: z.string().max(65_535),
    rules: rules.optional().describe('A draft to judge by instead of the live rules.'),
    settings: settingsInput.optional(),
  })
  .meta({ id: 'ExplainInput' });

export type ExplainInput = z.infer<typeof ExplainInput>;

const level = z.object({ wanted: z.string(), rule: z.string(), matches: z.boolean() });

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

export const RevisionPage = z
  .object({ items: z.array(z.object(revisionFields).meta({ id: 'PolicyRevision' })), next: nextCursor })
  .meta({ id: 'RevisionPage' });

export type RevisionPage = z.infer<typeof RevisionPage>;

export const RevisionQuery = z.strictObject(pageQuery(200, 50));

export type RevisionQuery = z.infer<typeof RevisionQuery>;

export const RevisionParam = z.strictObject({ revision: z.coerce.number().int().min(1).max(2_147_483_647) });

export type RevisionParam = z.infer<typeof RevisionParam>;
