import { z } from 'zod';
import { instant, line, text } from '../../http/fields.js';
import { PolicyTest, testsInput } from './access-test.schemas.js';
import { PolicySettings, PolicySettingsPatch, Rule, rulesInput } from './rule.schemas.js';

/** Who made a revision, when and why. */
export const revisionFields = {
  revision: z.int(),
  author: z.string(),
  message: z.string(),
  createdAt: instant,
  overrideReason: z.string().nullable().describe('Why it was saved although access tests failed; null where none did.'),
};

/** One revision of the whole policy. */
export const PolicyDoc = z
  .object({
    ...revisionFields,
    settings: PolicySettings,
    rules: z.array(Rule),
    tests: z.array(PolicyTest),
    endingSoon: z.array(z.string()).describe('Ids of rules that apply now and end within 24 hours.'),
  })
  .meta({ id: 'PolicyDoc' });

export type PolicyDoc = z.infer<typeof PolicyDoc>;

/** How many losses are told one by one. */
export const lossesShown = 200;

/** What a change took from live sessions. All are counted; the first are told. */
export const PolicyLosses = z
  .object({
    total: z.int(),
    clients: z.int(),
    subscriptions: z.int(),
    narrowed: z.int().describe('Subscriptions that stay, with more cut out of them.'),
    wills: z.int(),
    items: z
      .array(
        z.object({
          clientId: z.string(),
          username: z.string().nullable(),
          kind: z.enum(['subscription', 'narrowed', 'will']),
          topic: z.string().describe('The filter as it was asked for, or the topic of the will.'),
          ruleId: z.string().nullable().describe('The rule that refuses it now; null for the default.'),
        }),
      )
      .describe(`The first ${lossesShown}.`),
  })
  .meta({ id: 'PolicyLosses' });

export type PolicyLosses = z.infer<typeof PolicyLosses>;

/** A revision that was just made, with what it took from live sessions. */
export const PolicyChange = PolicyDoc.extend({ lost: PolicyLosses }).meta({ id: 'PolicyChange' });

export type PolicyChange = z.infer<typeof PolicyChange>;

/** What an operator says of a revision. */
export const message = line(500);

/** How a change is carried through. */
export const saveFields = {
  existing: z
    .enum(['silent', 'disconnect'])
    .default('silent')
    .describe(
      'Subscriptions and wills that the policy no longer allows are gone before the reply either way. `disconnect` also ' +
        'ends the connections of the MQTT clients that lost something, since MQTT has no other way to tell them.',
    ),
  overrideReason: text(2000)
    .trim()
    .min(1)
    .optional()
    .describe('Saves although access tests fail, and says why. Needs the permission policy:override.'),
};

/** The same in the query, for routes without a body that could hold it. */
export const SaveQuery = z.strictObject(saveFields);

export type SaveQuery = z.infer<typeof SaveQuery>;

export const PolicyInput = z
  .strictObject({
    rules: rulesInput,
    settings: PolicySettingsPatch.optional(),
    tests: testsInput.optional().describe('Left out: the tests stay as they are.'),
    message: message.default(''),
    ...saveFields,
  })
  .meta({ id: 'PolicyInput' });

export type PolicyInput = z.infer<typeof PolicyInput>;

export const ExportQuery = z.strictObject({ format: z.enum(['acl.conf', 'json']).default('acl.conf') });

export type ExportQuery = z.infer<typeof ExportQuery>;
