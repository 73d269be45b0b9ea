import { z } from 'zod';
import { instant, line } from '../../http/fields.js';
import { AccessSettings } from '../../policy/access-settings.schema.js';

/** Who may come in, as it is now. */
export const AccessDoc = z
  .strictObject({
    revision: z.int().describe('0 until somebody has saved. Also the ETag.'),
    savedAt: instant.nullable(),
    savedBy: z.string().nullable(),
    isLocked: z.boolean().describe('The configuration settles it (PERCH_ACCESS, --access, or `access` in the file).'),
    allowsAnonymous: z
      .boolean()
      .describe('Whether clients without credentials come in, where a listener does not say otherwise.'),
    ...AccessSettings.shape,
  })
  .meta({ id: 'AccessDoc' });

export const AccessInput = z
  .strictObject({
    ...AccessSettings.shape,
    reconnect: z
      .boolean()
      .default(false)
      .describe('Ends the connections of all clients, so that everybody has to come in by the new settings.'),
  })
  .meta({ id: 'AccessInput' });

const Answers = z.strictObject({
  id: z.string(),
  accepted: z.int(),
  refused: z.int(),
  ignored: z.int(),
  failed: z.int().describe('Refused because it could not tell.'),
  problem: z.string().nullable().describe('Why its last question was not answered; null while all is well.'),
});

/** What each authenticator, and each hook among the authorizers, said since it was set. */
export const AccessStatus = z
  .strictObject({
    authenticators: z.array(Answers),
    authorizers: z.array(Answers),
  })
  .meta({ id: 'AccessStatus' });

export const InvalidateInput = z
  .strictObject({ username: line(256).nullable().default(null).describe('Null: of everybody.') })
  .meta({ id: 'AccessInvalidateInput' });

const text = (maxLength: number) => z.string().max(maxLength).nullable().default(null);

export const TryInput = z
  .strictObject({
    settings: AccessSettings.nullable().default(null).describe('A draft; null: what is saved.'),
    clientId: z.string().max(65_535),
    username: text(65_535),
    password: text(65_535).describe('Never logged, kept or answered.'),
    address: line(64).nullable().default(null),
    certificateName: text(256).describe('As if a certificate that counts as a user name had been verified.'),
  })
  .meta({ id: 'AccessTryInput' });

const TryStep = z.strictObject({
  id: z.string(),
  kind: z.string(),
  said: z.enum(['accepted', 'refused', 'not-mine', 'not-asked', 'disabled']),
  refusal: z.string().nullable(),
  why: z.string().nullable(),
  ms: z.int(),
});

export const TryResult = z
  .strictObject({
    accepted: z.boolean(),
    refusal: z.string().nullable(),
    username: z.string().nullable(),
    labels: z.array(z.string()),
    validUntil: instant.nullable(),
    connectionLimit: z.int().nullable(),
    ownRules: z.array(z.strictObject({ effect: z.string(), access: z.string(), topics: z.array(z.string()) })),
    steps: z.array(TryStep),
  })
  .meta({ id: 'AccessTryResult' });

export type AccessDoc = z.infer<typeof AccessDoc>;
export type AccessInput = z.infer<typeof AccessInput>;
export type AccessStatus = z.infer<typeof AccessStatus>;
export type InvalidateInput = z.infer<typeof InvalidateInput>;
export type TryInput = z.infer<typeof TryInput>;
export type TryResult = z.infer<typeof TryResult>;
