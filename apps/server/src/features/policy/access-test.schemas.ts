import { z } from 'zod';
import { line, text } from '../../http/fields.js';
import { draftFields, stableId } from './rule.schemas.js';

/** More would make every save slow. */
export const maxTests = 1000;

const testFields = { action: z.enum(['publish', 'subscribe']), expect: z.enum(['allow', 'deny']) };

/** A saved assertion: what this client wants to do there is allowed, or denied. */
export const PolicyTest = z
  .object({
    id: z.string(),
    client: z.object({
      clientId: z.string(),
      username: z.string().nullable(),
      address: z.string().nullable(),
      labels: z.array(z.string()),
    }),
    ...testFields,
    topic: z.string().describe('What is published to, or the filter that is subscribed with.'),
    note: z.string(),
  })
  .meta({ id: 'PolicyTest' });

export type PolicyTest = z.infer<typeof PolicyTest>;

export const PolicyTestInput = z
  .strictObject({
    id: stableId.optional().describe('Left out: a new test.'),
    client: z.strictObject({
      clientId: line(65_535),
      username: line(65_535).nullable().default(null),
      address: line(64).nullable().default(null),
      labels: z.array(line(256)).max(256).default([]),
    }),
    ...testFields,
    topic: line(65_535),
    note: text(2000).default(''),
  })
  .meta({ id: 'PolicyTestInput' });

export type PolicyTestInput = z.infer<typeof PolicyTestInput>;

/** All access tests of a draft. */
export const testsInput = z.array(PolicyTestInput).max(maxTests);

/** What became of one test. */
export const PolicyTestResult = z
  .object({
    testId: z.string(),
    passed: z.boolean(),
    allowed: z.boolean(),
    ruleId: z.string().nullable().describe('The rule that decided; null for the default.'),
    exclusions: z.array(z.string()).describe('Filters cut out of a granted subscription, which counts as allowed.'),
    reason: z.string(),
  })
  .meta({ id: 'PolicyTestResult' });

export type PolicyTestResult = z.infer<typeof PolicyTestResult>;

export const PolicyTestRun = z
  .strictObject({
    tests: testsInput.optional().describe('Left out: those that are stored with the policy that is asked.'),
    ...draftFields,
    revision: z.int().min(1).optional().describe('Ask this revision instead. Not together with `rules`.'),
  })
  .meta({ id: 'PolicyTestRun' });

export type PolicyTestRun = z.infer<typeof PolicyTestRun>;

export const PolicyTestReport = z
  .object({
    passed: z.int(),
    failed: z.int(),
    results: z.array(PolicyTestResult).describe('In the order of the tests.'),
  })
  .meta({ id: 'PolicyTestReport' });

export type PolicyTestReport = z.infer<typeof PolicyTestReport>;
