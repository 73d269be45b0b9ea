import { z } from 'zod';
import { checkMessage, messageFields, qos } from './message.schemas.js';

export const Publication = z
  .strictObject({
    topic: z.string().min(1).max(65_535),
    ...messageFields,
    qos: qos.default(0),
    retain: z.boolean().default(false),
  })
  .check(checkMessage)
  .meta({ id: 'Publication' });

export type Publication = z.infer<typeof Publication>;

export const Published = z
  .object({ delivered: z.int().describe('How many subscriptions took it.') })
  .meta({ id: 'Published' });

export type Published = z.infer<typeof Published>;
