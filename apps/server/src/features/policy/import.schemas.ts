import { z } from 'zod';
import { UserImportResult } from '../users/import.schemas.js';
import { message, PolicyDoc, PolicyLosses, saveFields } from './policy.schemas.js';
import { PolicySettings, Rule } from './rule.schemas.js';

const fileFields = {
  format: z
    .enum(['acl.conf', 'mosquitto-acl', 'mosquitto-dynsec'])
    .describe('`mosquitto-acl`: an acl_file; `mosquitto-dynsec`: the JSON document of the dynamic-security plugin.'),
  text: z.string().describe('The file.'),
  digits: z
    .enum(['pub-sub', 'sub-pub'])
    .default('pub-sub')
    .describe('Of acl.conf: what 1 and 2 mean. `pub-sub` reads 1 as publish, `sub-pub` reads 1 as subscribe.'),
};

export const ImportFile = z.strictObject(fileFields).meta({ id: 'PolicyImportFile' });

export type ImportFile = z.infer<typeof ImportFile>;

/** What a file of this or another broker comes to. Nothing is changed. */
export const ImportReport = z
  .object({
    rules: z.array(Rule.omit({ id: true })),
    settings: PolicySettings.describe('With which the rules mean what the remarks say.'),
    users: z.array(
      z.object({
        username: z.string(),
        hasPassword: z.boolean().describe('A user without one is not imported.'),
        disabled: z.boolean(),
        clientId: z.string().nullable().describe('The only client id that it may have; null for any.'),
        labels: z.array(z.string()),
        note: z.string(),
      }),
    ),
    errors: z.array(
      z.object({
        line: z.int().nullable(),
        column: z.int().nullable(),
        path: z.string().nullable().describe('Where it is in a JSON document.'),
        message: z.string(),
      }),
    ),
    remarks: z.array(
      z.object({
        kind: z
          .enum(['kept', 'differs', 'left-out'])
          .describe('Put differently but the same, not the same in meaning, or not imported.'),
        message: z.string(),
        example: z
          .object({
            clientId: z.string(),
            username: z.string().nullable(),
            action: z.enum(['publish', 'subscribe']),
            topic: z.string(),
            there: z.enum(['allow', 'deny']).describe('What the other broker decides.'),
            here: z.enum(['allow', 'deny']).describe('What Perch will.'),
          })
          .nullable(),
        places: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'PolicyImportReport' });

export type ImportReport = z.infer<typeof ImportReport>;

export const PolicyImport = z
  .strictObject({
    ...fileFields,
    mode: z.enum(['replace', 'prepend', 'append']),
    users: z
      .enum(['ignore', 'import'])
      .default('ignore')
      .describe('`import` also creates the users of the file that have a password and whose name is free.'),
    dryRun: z.boolean().default(false),
    message: message.default(''),
    ...saveFields,
  })
  .meta({ id: 'PolicyImport' });

export type PolicyImport = z.infer<typeof PolicyImport>;

/** The policy with what was imported. */
export const ImportAnswer = PolicyDoc.extend({
  lost: PolicyLosses.nullable().describe('What live sessions lost; null after a dry run.'),
  users: UserImportResult.nullable().describe('What became of the users of the file; null where they are ignored.'),
}).meta({ id: 'PolicyImportAnswer' });

export type ImportAnswer = z.infer<typeof ImportAnswer>;
