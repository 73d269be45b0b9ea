import { z } from 'zod';
import { instant, text } from '../../http/fields.js';
import { PolicySettings, PolicySettingsPatch, Rule, rulesInput } from './rule.schemas.js';

export const ShadowInput = z
  .strictObject({ rules: rulesInput, settings: PolicySettingsPatch.optional(), note: text(2000).default('') })
  .meta({ id: 'PolicyShadowInput' });

export type ShadowInput = z.infer<typeof ShadowInput>;

/** What is judged beside the live policy, and only counted. */
export const Shadow = z
  .object({
    draft: z
      .object({
        author: z.string(),
        note: z.string(),
        startedAt: instant,
        basedOn: z.int().describe('The revision that was live when it began.'),
        settings: PolicySettings,
        rules: z.array(Rule),
      })
      .nullable()
      .describe('A whole policy; null when there is none.'),
    rules: z
      .array(z.string())
      .describe('Without a draft: ids of the live rules in shadow mode, which are judged as if they were enforced.'),
  })
  .meta({ id: 'PolicyShadow' });

export type Shadow = z.infer<typeof Shadow>;

const counts = { refused: z.int(), allowed: z.int(), narrowed: z.int(), widened: z.int() };
const ruleId = z.string().nullable().describe('The shadow’s rule that makes the difference; null for its default.');

/** What the shadow would have decided otherwise. Judgements are counted, not messages. */
export const ShadowReport = z
  .object({
    since: instant.describe('What was counted before is forgotten: the shadow, or the server, began then.'),
    totals: z.object(counts),
    rules: z.array(z.object({ ruleId, ...counts })).describe('Most differences first.'),
    clients: z.array(z.object({ clientId: z.string(), ...counts })).describe('Most differences first; the first 200.'),
    clientCount: z.int(),
    items: z
      .array(
        z.object({
          clientId: z.string(),
          username: z.string().nullable(),
          address: z.string().nullable(),
          labels: z.array(z.string()),
          action: z.enum(['publish', 'subscribe']),
          topic: z.string(),
          change: z.enum(['refused', 'allowed', 'narrowed', 'widened']),
          ruleId,
          liveRuleId: z.string().nullable(),
          count: z.int(),
          lastAt: instant,
        }),
      )
      .describe('The last 200.'),
    omitted: z.int().describe('Judgements in the totals of which no more is known: a bound was reached.'),
  })
  .meta({ id: 'PolicyShadowReport' });

export type ShadowReport = z.infer<typeof ShadowReport>;
