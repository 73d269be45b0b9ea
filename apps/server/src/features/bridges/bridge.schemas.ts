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
    payloadBytes: z.int().describe('So much of each payload leaves over it; 0: none.'),
    target: z.string().describe('The server of a webhook without its path, or the file.'),
    state: z
      .enum(['working', 'retrying', 'failing'])
      .describe('`retrying`: the last try failed; `failing`: five or more in a row.'),
    circuit: z.enum(['closed', 'open']).nullable().describe('`open`: the receiver is left alone for a while.'),
    queued: z.int().describe('Events that wait.'),
    queuedBytes: z.int(),
    queueEvents: z.int().describe('How many may wait.'),
    sent: z.int().describe('Events that arrived since the server started.'),
    failed: z.int().describe('Tries to send a batch that failed.'),
    dropped: z.int().describe('Events that found no room in the queue.'),
    deadLettered: z.int().describe('Events that were given up: refused for good, or tried for too long.'),
    deadLetterFile: z.string().nullable().describe('Where they are kept; null for nowhere.'),
    lastError: z.object({ problem: z.string(), at: instant }).nullable(),
  })
  .meta({ id: 'BridgeStatus' });

export type BridgeStatus = z.infer<typeof BridgeStatus>;

export const BridgesDoc = z.object({ items: z.array(BridgeStatus) }).meta({ id: 'BridgesDoc' });

export const BridgeName = z.strictObject({ name: z.string().max(64) });

export type BridgeName = z.infer<typeof BridgeName>;

/** What came of a test event. */
export const BridgeTestResult = z
  .object({
    arrived: z.boolean(),
    said: z.string().describe('What the receiver answered, or why it did not.'),
    body: z.string().nullable().describe('The beginning of its answer.'),
    ms: z.int(),
  })
  .meta({ id: 'BridgeTestResult' });

export type BridgeTestResult = z.infer<typeof BridgeTestResult>;

export type BridgesDoc = z.infer<typeof BridgesDoc>;
