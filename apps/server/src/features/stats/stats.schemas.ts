import { z } from 'zod';
import { instant } from '../../http/fields.js';

/** Totals since the server started; what they rose by over time is in the history of metrics. */
export const Stats = z
  .object({
    node: z.string(),
    version: z.string(),
    startedAt: instant,
    clientsOnline: z.int(),
    clientsKnown: z.int(),
    subscriptions: z.int(),
    retained: z.int(),
    messagesReceived: z.int(),
    messagesSent: z.int(),
    bytesReceived: z.int(),
    bytesSent: z.int(),
    waitingBytes: z.int().describe('What waits for clients that read too slowly.'),
    durableSessions: z.int().describe('Sessions that outlive their connections, online or not.'),
    storedMessages: z.int().describe('What durable sessions are owed, counted for each of them.'),
    storedBytes: z.int().describe('Bytes of that.'),
    sessionsExpired: z.int(),
    dropped: z.int(),
    queueOverflows: z.int().describe('Those of `dropped` that a queue had no place for.'),
    refused: z.int(),
    refusals: z.record(z.string(), z.int()).describe('What `refused` is the sum of, by reason.'),
    connects: z.int(),
    disconnects: z.int(),
  })
  .meta({ id: 'Stats' });

export type Stats = z.infer<typeof Stats>;
