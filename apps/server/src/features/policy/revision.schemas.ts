import { z } from 'zod';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { PolicyTest } from './access-test.schemas.js';
import { message, revisionFields, saveFields } from './policy.schemas.js';
import { Rule } from './rule.schemas.js';

/** What a list of revisions shows of each. */
export const PolicyRevision = z
  .object({ ...revisionFields, rules: z.int().describe('How many.'), tests: z.int().describe('How many.') })
  .meta({ id: 'PolicyRevision' });

export type PolicyRevision = z.infer<typeof PolicyRevision>;

export const RevisionPage = z.object({ items: z.array(PolicyRevision), next: nextCursor }).meta({ id: 'RevisionPage' });

export type RevisionPage = z.infer<typeof RevisionPage>;

export const RevisionQuery = z.strictObject(pageQuery(200, 50));

export type RevisionQuery = z.infer<typeof RevisionQuery>;

const revisionNumber = z.coerce.number().int().min(1).max(2_147_483_647);

export const RevisionParam = z.strictObject({ revision: revisionNumber });

export type RevisionParam = z.infer<typeof RevisionParam>;

export const RevisionRestore = z
  .strictObject({ message: message.default(''), ...saveFields })
  .meta({ id: 'RevisionRestore' });

export type RevisionRestore = z.infer<typeof RevisionRestore>;

export const DiffQuery = z.strictObject({
  from: revisionNumber,
  to: revisionNumber.optional().describe('Left out: the live revision.'),
});

export type DiffQuery = z.infer<typeof DiffQuery>;

const position = z.int().describe('Counted from 1.');

/** One difference in the rules. */
export const RuleChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('added'), rule: Rule, position }),
    z.object({ kind: z.literal('removed'), rule: Rule, position }),
    z.object({ kind: z.literal('changed'), before: Rule, rule: Rule, fields: z.array(z.string()), position }),
    z.object({ kind: z.literal('moved'), rule: Rule, from: position, position }),
  ])
  .meta({ id: 'RuleChange' });

const TestChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('added'), test: PolicyTest }),
    z.object({ kind: z.literal('removed'), test: PolicyTest }),
    z.object({ kind: z.literal('changed'), before: PolicyTest, test: PolicyTest }),
  ])
  .meta({ id: 'PolicyTestChange' });

/** All differences between two revisions, rules in the order of the newer one. */
export const PolicyDiff = z
  .object({
    from: z.int(),
    to: z.int(),
    rules: z.array(RuleChange),
    settings: z.array(z.enum(['noMatch', 'wildcardOverlap'])),
    tests: z.array(TestChange),
    count: z.int(),
  })
  .meta({ id: 'PolicyDiff' });

export type PolicyDiff = z.infer<typeof PolicyDiff>;

const origin = z.object(revisionFields).omit({ overrideReason: true }).nullable();

/** Where each live rule comes from. */
export const PolicyBlame = z
  .object({
    revision: z.int(),
    searchedTo: z.int().describe('The oldest revision that was looked at; a null below means: before this one.'),
    items: z.array(
      z.object({
        ruleId: z.string(),
        created: origin.describe('Since when it is there without a break.'),
        changed: origin.describe('When what it says, or its place among the others, last changed.'),
      }),
    ),
  })
  .meta({ id: 'PolicyBlame' });

export type PolicyBlame = z.infer<typeof PolicyBlame>;
