import { z } from 'zod';
import { instant } from '../../http/fields.js';

/** How often each rule of the live policy decided, in the order of the policy. */
export const RuleHitList = z
  .object({
    revision: z.int(),
    since: instant.nullable().describe('Since when hits are known, at most 35 days; null: none are.'),
    items: z.array(
      z
        .object({
          ruleId: z.string(),
          day: z.int().describe('In the last 24 hours, to the hour.'),
          week: z.int().describe('In the last 7 days, to the hour.'),
          lastAt: instant.nullable().describe('To the minute; null where it is not known to have decided anything.'),
        })
        .meta({ id: 'RuleHits' }),
    ),
  })
  .meta({ id: 'RuleHitList' });

export type RuleHitList = z.infer<typeof RuleHitList>;
