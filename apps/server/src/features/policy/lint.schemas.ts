import { z } from 'zod';
import { draftFields, Rule } from './rule.schemas.js';

export const LintInput = z.strictObject(draftFields).meta({ id: 'PolicyLintInput' });

export type LintInput = z.infer<typeof LintInput>;

const Edit = z.discriminatedUnion('type', [
  z.object({ type: z.literal('insert'), at: z.int(), rules: z.array(Rule) }),
  z.object({ type: z.literal('change'), id: z.string(), patch: Rule.omit({ id: true }).partial() }),
  z.object({ type: z.literal('remove'), id: z.string() }),
  z.object({ type: z.literal('move'), ids: z.array(z.string()), to: z.int() }),
]);

/** Everything questionable about a policy, in the order of its rules. */
export const LintReport = z
  .object({
    errors: z.int(),
    warnings: z.int(),
    problems: z.array(
      z.object({
        ruleId: z.string(),
        code: z.string(),
        severity: z.enum(['error', 'warning']),
        message: z.string(),
        otherRuleId: z.string().optional(),
        fix: z
          .object({ title: z.string(), edits: z.array(Edit) })
          .optional()
          .describe('A way out that never allows anything that is denied now.'),
      }),
    ),
  })
  .meta({ id: 'PolicyLint' });

export type LintReport = z.infer<typeof LintReport>;
