import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { draftFields } from './rule.schemas.js';

export const ImpactInput = z.strictObject(draftFields).meta({ id: 'PolicyImpactInput' });

export type ImpactInput = z.infer<typeof ImpactInput>;

const counts = { loses: z.int(), narrowed: z.int(), gains: z.int(), widened: z.int() };
const totals = z.object({ ...counts, unaffected: z.int() });
const ruleId = z.string().nullable();

const Change = z.object({
  subject: z.enum(['subscription', 'will', 'publish']),
  kind: z.enum(['loses', 'narrowed', 'gains', 'widened']),
  topic: z.string().describe('The filter as it was asked for, or the topic.'),
  before: ruleId.describe('The rule that decides by the live policy; null for the default.'),
  after: ruleId.describe('The rule that decides by the draft; null for the default.'),
  cause: ruleId.describe('The new, changed, moved or removed rule behind it; null for a setting.'),
  excluded: z.array(z.string()),
  readmitted: z.array(z.string()),
});

const AffectedClient = z.object({
  identity: z.object({
    clientId: z.string(),
    username: z.string().nullable(),
    address: z.string().nullable(),
    labels: z.array(z.string()).optional(),
  }),
  changes: z.array(Change).describe('The first 100.'),
  count: z.int(),
});

/** What a draft would change for every client that has a session. Totals are exact, lists hold the first 100. */
export const PolicyImpact = z
  .object({
    clients: z.object({ total: z.int(), losing: z.int(), gaining: z.int(), unaffected: z.int() }),
    totals: z.object({ subscription: totals, will: totals, publish: totals }),
    losing: z.array(AffectedClient),
    gaining: z.array(AffectedClient),
    rules: z.array(z.object({ ruleId, counts: z.object(counts), clients: z.int() })).describe('Most losses first.'),
  })
  .meta({ id: 'PolicyImpact' });

export type PolicyImpact = z.infer<typeof PolicyImpact>;

/** A preview under way, or done. */
export const ImpactJob = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
    revision: z.int().describe('The live revision that the draft was compared with.'),
    done: z.int().describe('Clients that were judged.'),
    total: z.int().describe('Clients that are judged; 0 while they are collected.'),
    startedAt: instant,
    ms: z.int().nullable().describe('How long it took, once it has ended.'),
    impact: PolicyImpact.nullable().describe('Once it is done.'),
  })
  .meta({ id: 'PolicyImpactJob' });

export type ImpactJob = z.infer<typeof ImpactJob>;
