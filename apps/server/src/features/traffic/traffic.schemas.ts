import { z } from 'zod';
import { instant } from '../../http/fields.js';

const clientId = z.string();
const username = z.string().nullable();

/** Clients that are worth a look. */
export const Traffic = z
  .object({
    at: instant.nullable().describe('When the sessions were looked at, every ten seconds; null before the first time.'),
    windowSeconds: z.int().describe('The time that `talkers` are measured in: about five minutes.'),
    talkers: z
      .array(z.object({ clientId, username, protocol: z.string(), messagesIn: z.int(), messagesOut: z.int() }))
      .describe('The 20 clients that sent and were sent most.'),
    slow: z
      .array(
        z.object({
          clientId,
          username,
          online: z.boolean(),
          queued: z.int().describe('Messages that wait for it.'),
          queuedBytes: z.int(),
          inFlight: z.int().describe('Messages sent and not yet acknowledged.'),
          waitingBytes: z.int().describe('Bytes that wait for its link.'),
          dropped: z.int().describe('Deliveries that it lost: of its session, and of its present connection.'),
        }),
      )
      .describe('The 20 clients that are furthest behind with what they are sent.'),
    flapping: z
      .array(z.object({ clientId, disconnects: z.int().describe('In the last ten minutes.') }))
      .describe('The 20 clients that come and go most, three times or more.'),
  })
  .meta({ id: 'Traffic' });

export type Traffic = z.infer<typeof Traffic>;
