import { z } from 'zod';
import { instant, name } from '../../http/fields.js';
import { roles } from '../../http/permission.js';

/** What a program signs in with. */
export const ApiKey = z
  .object({
    id: z.string().describe('The part of the key between `perch_` and the secret.'),
    name: z.string(),
    role: z.enum(roles),
    createdBy: z.string(),
    createdAt: instant,
    rotatedAt: instant.nullable(),
    previousValidUntil: instant.nullable().describe('Until then the secret before the last rotation opens, too.'),
    expiresAt: instant.nullable().describe('Null for never.'),
    lastUsedAt: instant.nullable().describe('Exact to the minute.'),
    lastUsedFrom: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyList = z.object({ items: z.array(ApiKey) }).meta({ id: 'ApiKeyList' });

export type ApiKeyList = z.infer<typeof ApiKeyList>;

/** A key with its secret, which is told in this one answer. */
export const IssuedApiKey = z
  .object({ key: ApiKey, secret: z.string().describe('The whole key, for `Authorization: Bearer`. Shown this once.') })
  .meta({ id: 'IssuedApiKey' });

export type IssuedApiKey = z.infer<typeof IssuedApiKey>;

const expiry = z.iso
  .datetime({ offset: true })
  .refine((at) => Date.parse(at) > Date.now(), 'must be in the future')
  .nullable();

export const NewApiKey = z
  .strictObject({
    name,
    role: z.enum(roles),
    expiresAt: expiry.default(null).describe('When it stops to open; null for never.'),
  })
  .meta({ id: 'NewApiKey' });

export type NewApiKey = z.infer<typeof NewApiKey>;

const WEEK_MINUTES = 7 * 24 * 60;

export const ApiKeyRotation = z
  .strictObject({
    keepOldMinutes: z
      .int()
      .min(0)
      .max(WEEK_MINUTES)
      .default(0)
      .describe('For so long the old secret opens, too, while programs are given the new one. 0 ends it at once.'),
    expiresAt: expiry.optional().describe('A new expiry; what is left out stays.'),
  })
  .meta({ id: 'ApiKeyRotation' });

export type ApiKeyRotation = z.infer<typeof ApiKeyRotation>;
