import { z } from 'zod';
import { instant, needle } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { Client } from '../clients/client.schemas.js';

const { clientId, username, protocol } = Client.shape;
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);

/** A durable session: it outlives the connection of its client. */
export const DurableSession = z
  .object({
    clientId,
    online: z.boolean(),
    username,
    address: z.string().nullable(),
    protocol,
    createdAt: instant,
    disconnectedAt: instant.nullable().describe('Null while there is a connection.'),
    expirySeconds: z.int().nullable().describe('How long it outlives its connection; null for ever.'),
    expiresAt: instant.nullable().describe('Null while there is a connection, and for one that never expires.'),
    queued: z.int().describe('Messages that wait for the client.'),
    inFlight: z.int().describe('Messages sent and not yet acknowledged.'),
    owedBytes: z.int().describe('Bytes of both, payload and properties.'),
    subscriptionCount: z.int(),
  })
  .meta({ id: 'DurableSession' });

export type DurableSession = z.infer<typeof DurableSession>;

/** One page, and what there is in all. */
export const DurableSessionPage = z
  .object({
    items: z.array(DurableSession),
    next: nextCursor,
    total: z.int(),
    owedMessages: z.int(),
    owedBytes: z.int(),
  })
  .meta({ id: 'DurableSessionPage' });

export type DurableSessionPage = z.infer<typeof DurableSessionPage>;

export const DurableSessionQuery = z.strictObject({
  state: z.enum(['online', 'offline']).optional(),
  q: needle.optional().describe('Part of the client id.'),
  username: needle.optional(),
  ...pageQuery(1000, 200),
});

export type DurableSessionQuery = z.infer<typeof DurableSessionQuery>;

export const DurableSessionDetail = DurableSession.extend({
  will: z
    .object({ topic: z.string(), qos, retain: z.boolean(), delaySeconds: z.int() })
    .nullable()
    .describe('What is published when the client does not come back.'),
  subscriptions: z.array(
    z.object({
      filter: z.string(),
      qos,
      noLocal: z.boolean(),
      retainAsPublished: z.boolean(),
      identifiers: z.array(z.int()),
      ruleId: z.string().nullable(),
    }),
  ),
}).meta({ id: 'DurableSessionDetail' });

export type DurableSessionDetail = z.infer<typeof DurableSessionDetail>;

export const DroppedQueue = z.object({ dropped: z.int() }).meta({ id: 'DroppedQueue' });

export type DroppedQueue = z.infer<typeof DroppedQueue>;
