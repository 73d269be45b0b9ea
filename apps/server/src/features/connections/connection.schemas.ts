import { z } from 'zod';

const MOST = 10_000;

/** One connection, in the words of HMQ; never with a password. */
export const Connection = z
  .object({
    clientID: z.string(),
    username: z.string(),
    keepalive: z.int().describe('Seconds; 0 for none.'),
    remoteIP: z.string(),
    protocol: z.string(),
    connectedAt: z.int().describe('Seconds since the epoch.'),
  })
  .meta({ id: 'HmqConnection' });

export const ConnectionList = z
  .object({
    code: z.literal(0),
    clients: z.array(Connection),
    total: z.int().describe('How many there are in all.'),
  })
  .meta({ id: 'HmqConnectionList' });

export type ConnectionList = z.infer<typeof ConnectionList>;

export const ConnectionClosed = z.object({ code: z.literal(0) }).meta({ id: 'HmqConnectionClosed' });

export type ConnectionClosed = z.infer<typeof ConnectionClosed>;

export const ConnectionQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MOST).default(1_000),
  after: z.string().max(1_024).optional().describe('The last client id of the page before.'),
});

export type ConnectionQuery = z.infer<typeof ConnectionQuery>;

export const ConnectionParam = z.strictObject({ clientId: z.string().max(1_024) });

export type ConnectionParam = z.infer<typeof ConnectionParam>;
