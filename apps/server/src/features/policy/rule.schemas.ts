import { MAX_RULES } from '@perch/policy';
import { z } from 'zod';
import { instant, line, text } from '../../http/fields.js';

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

/** The id of a rule or of an access test. */
export const stableId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, `-` or `_`');

const topics = z.array(line(65_535)).max(256);
const note = text(2000);
const validUntil = z.iso.datetime({ offset: true }).nullable();

/** A rule as it is written. What it must hold beyond its shape is judged by libs/policy. */
export const RuleInput = z
  .strictObject({
    id: stableId.optional().describe('Left out: a new rule.'),
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

const position = z.int().min(0).describe('Counted from 0; beyond the end means the end.');

export const NewRule = z
  .strictObject({ rule: RuleInput, position: position.optional().describe('Left out: the end of the list.') })
  .meta({ id: 'NewRule' });

export type NewRule = z.infer<typeof NewRule>;

export const RuleMove = z.strictObject({ position }).meta({ id: 'RuleMove' });

export type RuleMove = z.infer<typeof RuleMove>;

export const PolicySettings = z
  .object({ noMatch: z.enum(['allow', 'deny']), wildcardOverlap: z.enum(['exclude', 'reject']) })
  .meta({ id: 'PolicySettings' });

/** Settings that a draft changes; those left out stay as they are live. */
export const PolicySettingsPatch = z
  .strictObject({
    noMatch: z.enum(['allow', 'deny']).optional(),
    wildcardOverlap: z.enum(['exclude', 'reject']).optional(),
  })
  .meta({ id: 'PolicySettingsPatch' });

/** All rules of a draft, in order. */
export const rulesInput = z.array(RuleInput).max(MAX_RULES);

/** What is asked by a draft where rules or settings are sent, and by the live policy where not. */
export const draftFields = {
  rules: rulesInput.optional().describe('A draft. Left out: the live rules.'),
  settings: PolicySettingsPatch.optional(),
};
