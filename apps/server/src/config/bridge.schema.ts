import { isValidFilter } from '@perch/policy';
import { z } from 'zod';
import { hookUrl } from '../policy/access-settings.schema.js';
import { filePath } from './setting.js';

const MIB = 1024 * 1024;

/** What a bridge may hand on. */
export const bridgeActions = ['connect', 'publish', 'subscribe', 'unsubscribe', 'disconnect'] as const;

/** What every bridge has. Durations are in the unit at the end of their names. */
const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
  events: z.array(z.enum(bridgeActions)).min(1).default(['connect', 'subscribe', 'unsubscribe', 'disconnect']),
  topics: z
    .array(z.string().max(65_535).refine(isValidFilter, 'must be an MQTT topic filter'))
    .min(1)
    .max(64)
    .default(['#']),
  payloadBytes: z
    .int()
    .min(0)
    .max(MIB)
    .default(16 * 1024),
  queueEvents: z.int().min(1).max(1_000_000).default(10_000),
  queueBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(16 * MIB),
  lingerMs: z.int().min(0).max(60_000).default(200),
  retryFromMs: z.int().min(10).max(60_000).default(500),
  retryToMs: z.int().min(10).max(600_000).default(60_000),
  giveUpSeconds: z.int().min(1).max(604_800).default(3_600),
};

const Webhook = z.strictObject({
  ...common,
  kind: z.literal('webhook'),
  url: hookUrl,
  secret: z.string().min(16, 'must have at least 16 characters').max(1024),
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
  batchEvents: z.int().min(1).max(10_000).default(100),
  batchBytes: z
    .int()
    .min(1024)
    .max(16 * MIB)
    .default(MIB),
  deadLetterFolder: filePath().optional(),
});

const Csv = z.strictObject({
  ...common,
  kind: z.literal('csv'),
  folder: filePath(),
  maxFileBytes: z
    .int()
    .min(1024)
    .max(1024 * 1024 * MIB)
    .default(64 * MIB),
  maxFileSeconds: z.int().min(1).max(31_536_000).default(86_400),
  keepFiles: z.int().min(1).max(10_000).default(14),
});

/** The list `bridges`. */
export const bridgesSchema = z
  .array(z.discriminatedUnion('kind', [Webhook, Csv]))
  .max(16)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two bridges have the same name');

export type BridgeAction = (typeof bridgeActions)[number];

/** Events to an HTTP server. */
export type WebhookSettings = z.output<typeof Webhook>;

/** Events to files. */
export type CsvSettings = z.output<typeof Csv>;

export type BridgeSettings = WebhookSettings | CsvSettings;
