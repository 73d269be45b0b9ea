import { z } from 'zod';
import { PolicyTestResult } from '../features/policy/access-test.schemas.js';
import { PolicyMerge } from '../features/policy/merge.schemas.js';

/** The body of every error answer: problem+json [RFC 9457]. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('The id of the request, as in the X-Request-Id header.'),
    code: z.string().describe('Stable and machine readable, such as `name-taken`.'),
    errors: z
      .array(
        z.object({
          path: z.string().describe('The field, such as `rules.3.topics.0`; for acl.conf text `text:<line>:<column>`.'),
          message: z.string(),
          line: z.int().optional(),
          column: z.int().optional(),
        }),
      )
      .optional(),
    reasonCode: z.int().optional().describe('Of a publish: what MQTT 5 would say in its PUBACK.'),
    current: z.int().optional().describe('On 412: the revision that is live.'),
    merge: PolicyMerge.optional().describe('On 412 of a whole policy, where the revision that was changed is known.'),
    failedTests: z.array(PolicyTestResult).optional().describe('On 422 with the code `tests-failed`.'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof Problem>;

/** One field that was refused. */
export type FieldError = NonNullable<Problem['errors']>[number];
