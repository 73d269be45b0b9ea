import { z } from 'zod';
import { settingSections } from '../../config/setting-sections.js';
import { instant } from '../../http/fields.js';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One setting of the server: what holds, where it comes from, and whether it may be changed here. */
export const Setting = z
  .object({
    key: z.string(),
    section: z.enum(settingSections),
    describe: z.string(),
    allowed: z.string().describe('What a value may be, in words.'),
    variable: z.string().describe('Its environment variable.'),
    kind: z.enum(['number', 'switch', 'choice', 'text']),
    choices: z.array(z.string()).nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    value: value.describe('What holds now; null for none, and for a secret.'),
    saved: value.describe(
      'What holds from the next start on, where that is something else; null for what `value` says.',
    ),
    isPending: z.boolean().describe('`saved` waits for the next start.'),
    isSecret: z.boolean().describe('Its value is not shown.'),
    isSet: z.boolean().describe('It has a value, shown or not.'),
    defaultValue: value,
    source: z.enum(['default', 'file', 'environment', 'flag', 'dashboard']),
    place: z.string().nullable().describe('Which file, variable or flag settles it.'),
    isLocked: z.boolean().describe('A file, the environment or a flag settles it: change it there.'),
    applies: z
      .enum(['now', 'connections', 'restart'])
      .nullable()
      .describe('When a change holds: at once, for connections to come, or at the next start; null: not here at all.'),
  })
  .meta({ id: 'Setting' });

export type Setting = z.infer<typeof Setting>;

export const SettingsDoc = z.object({ items: z.array(Setting) }).meta({ id: 'SettingsDoc' });

export type SettingsDoc = z.infer<typeof SettingsDoc>;

export const SettingsChange = z
  .strictObject({
    changes: z
      .record(z.string().max(64), value)
      .refine((changes) => Object.keys(changes).length > 0, 'must name a setting')
      .describe('New values by the name of the setting; null brings the default back.'),
  })
  .meta({ id: 'SettingsChange' });

export type SettingsChange = z.infer<typeof SettingsChange>;

/** A certificate that listeners show. */
export const ServerCertificate = z
  .object({
    file: z.string(),
    listeners: z.array(z.string()),
    subject: z.string().nullable(),
    issuer: z.string().nullable(),
    names: z.array(z.string()).describe('The hosts that it is for.'),
    validFrom: instant.nullable(),
    validUntil: instant.nullable(),
    problem: z.string().nullable().describe('Why it cannot be read.'),
  })
  .meta({ id: 'ServerCertificate' });

export type ServerCertificate = z.infer<typeof ServerCertificate>;

export const CertificateList = z.object({ items: z.array(ServerCertificate) }).meta({ id: 'CertificateList' });

export type CertificateList = z.infer<typeof CertificateList>;
