import { z } from 'zod';
import { isEncoded, notBase64, payloadFields, qos } from '../retained/retained.schemas.js';

export const Publication = z
  .strictObject({
    topic: z.string().min(1).max(65_535),
    ...payloadFields,
    qos: qos.default(0),
    retain: z.boolean().default(false),
  })
  .refine(isEncoded, notBase64)
  .meta({ id: 'Publication' });

export type Publication = z.infer<typeof Publication>;

export const Published = z
  .object({ delivered: z.int().describe('How many subscriptions took it.') })
  .meta({ id: 'Published' });

export type Published = z.infer<typeof Published>;
