import { z } from 'zod';
import { bridgeActions } from '../../config/bridge.schema.js';
import { instant } from '../../http/fields.js';

/** What a bridge is doing. Nothing in it is secret. */
export const BridgeStatus = z
  .object({
    name: z.string(),
    kind: z.enum(['webhook', 'csv']),
    events: z.array(z.enum(bridgeActions)),
    topics: z.array(z.string()),
    state: z.enum(['working', 'retrying']).describe('`retrying`: the last try failed.'),
    circuit: z.enum(['closed', 'open']).nullable().describe('`open`: the receiver is left alone for a while.'),
    queued: z.int().describe('Events that wait.'),
    queuedBytes: z.int(),
    sent: z.int().describe('Events that arrived since the server started.'),
    failed: z.int().describe('Tries to send a batch that failed.'),
    dropped: z.int().describe('Events that found no room in the queue.'),
    deadLettered: z.int().describe('Events that were given up: refused for good, or tried for too long.'),
    lastError: z.object({ problem: z.string(), at: instant }).nullable(),
  })
  .meta({ id: 'BridgeStatus' });

export type BridgeStatus = z.infer<typeof BridgeStatus>;

export const BridgesDoc = z.object({ items: z.array(BridgeStatus) }).meta({ id: 'BridgesDoc' });

export type BridgesDoc = z.infer<typeof BridgesDoc>;
