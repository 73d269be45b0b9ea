import { z } from 'zod';
import { instant, yesOrNo } from '../../http/fields.js';
import { checkMessage, messageFields, MessageProperties, qos } from '../publish/message.schemas.js';

/** A retained message as a line of a file. */
export const RetainedLine = z
  .object({
    topic: z.string(),
    qos,
    payload: z.string(),
    encoding: z.enum(['utf8', 'base64']).describe('`base64` where the payload is not UTF-8.'),
    properties: MessageProperties.nullable(),
    expiresAt: instant.nullable(),
    publisher: z.string(),
    storedAt: instant,
  })
  .meta({ id: 'RetainedLine' });

export type RetainedLine = z.infer<typeof RetainedLine>;

const lineFields = z.object(messageFields).omit({ expirySeconds: true }).shape;

/** A line as it is read: only topic and payload have to be there; who published it and when is read over. */
export const LineInput = z
  .strictObject({
    topic: z.string().min(1).max(65_535),
    ...lineFields,
    // That an end is over is no mistake of the file.
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
    qos: qos.default(1),
    publisher: z.unknown().optional(),
    storedAt: z.unknown().optional(),
  })
  .check((context) => checkMessage({ ...context, value: { ...context.value, expiresAt: null } }))
  .refine(({ payload }) => payload !== '', { path: ['payload'], message: 'is empty: nothing would be retained' });

export type LineInput = z.infer<typeof LineInput>;

export const ImportQuery = z.strictObject({
  dryRun: yesOrNo.optional().describe('Only say what would happen.'),
  existing: z
    .enum(['replace', 'keep'])
    .default('replace')
    .describe('What becomes of a topic that has a message already.'),
});

export type ImportQuery = z.infer<typeof ImportQuery>;

export const RetainedImportResult = z
  .object({
    applied: z.boolean().describe('False after a dry run.'),
    lines: z.int().describe('Lines that were read, empty ones left out.'),
    created: z.int(),
    replaced: z.int(),
    kept: z.int().describe('Topics that have a message already, which was to be kept.'),
    expired: z.int().describe('Messages whose end is over.'),
    failed: z.int(),
    problems: z
      .array(z.object({ line: z.int(), path: z.string().nullable(), message: z.string() }))
      .describe('The first 100. Line 1 is the first of the file.'),
    stopped: z.string().nullable().describe('Why the rest of the file was not read.'),
  })
  .meta({ id: 'RetainedImportResult' });

export type RetainedImportResult = z.infer<typeof RetainedImportResult>;
