import { z } from 'zod';
import { instant } from '../../http/fields.js';

const point = z
  .object({
    at: instant,
    connects: z.int(),
    disconnects: z.int(),
    messagesIn: z.int(),
    messagesOut: z.int(),
    bytesIn: z.int(),
    bytesOut: z.int(),
    refused: z.int(),
  })
  .meta({ id: 'StatsPoint' });

export type StatsPoint = z.infer<typeof point>;

/** Totals since the server started, and what happened in each step of the last quarter of an hour. */
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
    series: z.object({ stepMs: z.int(), points: z.array(point) }),
  })
  .meta({ id: 'Stats' });

export type Stats = z.infer<typeof Stats>;
