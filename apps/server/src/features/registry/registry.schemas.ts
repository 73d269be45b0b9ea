import { z } from 'zod';
import { instant } from '../../http/fields.js';

/** One instance of a service, as somebody has registered it. */
export const RegistryLease = z
  .object({
    service: z.string(),
    instanceId: z.string(),
    address: z.string(),
    port: z.int(),
    registeredBy: z.string().describe('The user; a client without one by its client id.'),
    registeredFrom: z.string().nullable(),
    since: instant,
    renewedAt: instant,
    leftSeconds: z.int().describe('It is gone then, unless it is renewed before.'),
  })
  .meta({ id: 'RegistryLease' });

export type RegistryLease = z.infer<typeof RegistryLease>;

export const RegistryDoc = z
  .object({
    items: z.array(RegistryLease).max(1_000),
    matching: z.int().describe('As many fit the filter; no more than 1,000 of them are in `items`.'),
    total: z.int().describe('Instances over all services.'),
  })
  .meta({ id: 'RegistryDoc' });

export type RegistryDoc = z.infer<typeof RegistryDoc>;

export const RegistryQuery = z.strictObject({
  q: z.string().max(256).optional().describe('Part of the service, the instance, its address or its user.'),
});

export type RegistryQuery = z.infer<typeof RegistryQuery>;
