import { z } from 'zod';
import { PolicyTest } from './access-test.schemas.js';
import { PolicySettings, Rule } from './rule.schemas.js';

const id = z.string().describe('Names the conflict, for who chooses.');
const position = z.int().describe('Counted from 1.');
const ruleSides = { base: Rule.nullable(), mine: Rule.nullable(), theirs: Rule.nullable() };
const testSides = { base: PolicyTest.nullable(), mine: PolicyTest.nullable(), theirs: PolicyTest.nullable() };

/** Where two people changed the same thing in two ways. Null: not there. */
export const PolicyMergeConflict = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('field'), id, ruleId: z.string(), fields: z.array(z.string()), ...ruleSides }),
    z.object({ kind: z.literal('removed'), id, ruleId: z.string(), fields: z.array(z.string()), ...ruleSides }),
    z.object({ kind: z.literal('moved'), id, ruleId: z.string(), mine: position, theirs: position }),
    z.object({
      kind: z.literal('setting'),
      id,
      setting: z.enum(['noMatch', 'wildcardOverlap']),
      base: z.string(),
      mine: z.string(),
      theirs: z.string(),
    }),
    z.object({ kind: z.literal('test'), id, testId: z.string(), ...testSides }),
  ])
  .meta({ id: 'PolicyMergeConflict' });

/** What would become of the refused change together with what was saved meanwhile. Nothing of it is saved. */
export const PolicyMerge = z
  .object({
    base: z.int().describe('The revision that was changed.'),
    theirs: z.int().describe('The live revision: send the merged policy with this as If-Match.'),
    settings: PolicySettings,
    rules: z.array(Rule).describe('With the caller’s version where there is a conflict.'),
    tests: z.array(PolicyTest),
    conflicts: z.array(PolicyMergeConflict).describe('Empty: it can be saved as it stands.'),
  })
  .meta({ id: 'PolicyMerge' });

export type PolicyMerge = z.infer<typeof PolicyMerge>;
