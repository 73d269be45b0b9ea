import { isValidFilter } from '@perch/policy';
import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { MessageProperties, qos } from '../publish/message.schemas.js';

export const TailInput = z
  .strictObject({
    filter: z.string().min(1).max(65_535).refine(isValidFilter, 'must be an MQTT topic filter'),
    clientId: z
      .string()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        'Only what this client publishes, or what a subscription of it lets through; of a shared one also what another member gets.',
      ),
    confirmed: z
      .boolean()
      .default(false)
      .describe(
        'Also where the filter begins with a wildcard and no client is named, or matches more than 1,000 messages a second.',
      ),
  })
  .meta({ id: 'TailInput' });

export type TailInput = z.infer<typeof TailInput>;

/** A message as it passed. */
export const TailMessage = z
  .object({
    topic: z.string(),
    at: instant,
    qos,
    retain: z.boolean(),
    publisher: z.string(),
    size: z.int().describe('Bytes of the payload.'),
    payload: z.string().describe('Its beginning, where it is longer than is shown.'),
    encoding: z.enum(['utf8', 'base64']),
    properties: MessageProperties.nullable(),
  })
  .meta({ id: 'TailMessage' });

export type TailMessage = z.infer<typeof TailMessage>;

/** Why a tail ended. */
export const TailEnd = z.enum(['left', 'busy', 'signed-out', 'too-long', 'stopped']);

export type TailEnd = z.infer<typeof TailEnd>;

/** One line of the stream. */
export const TailLine = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('started'),
      perSecond: z.int().describe('Messages in a second that are shown at most, over all tails of the operator.'),
      payloadBytes: z.int().describe('So much of a payload is shown at most.'),
    }),
    z.object({
      type: z.literal('batch'),
      seen: z.int().describe('How many messages matched since the line before.'),
      messages: z.array(TailMessage).describe('Those of them that are shown, in their order.'),
    }),
    z.object({
      type: z.literal('ended'),
      reason: TailEnd,
      perSecond: z.int().optional().describe('With `busy`: how many messages matched in the first second.'),
    }),
  ])
  .meta({ id: 'TailLine' });

export type TailLine = z.infer<typeof TailLine>;
