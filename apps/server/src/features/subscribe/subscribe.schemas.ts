import { z } from 'zod';
import { line, yesOrNo } from '../../http/fields.js';

const MOST_FILTERS = 100;
const filter = z.string().min(1).max(65_535);

export const SubscribeQuery = z.strictObject({
  filter: z
    .union([filter.transform((one) => [one]), z.array(filter).min(1).max(MOST_FILTERS)])
    .describe('An MQTT topic filter; as often as there are any, up to 100.'),
  clientId: line(1_024).min(1).optional().describe('Of a client: its client id. Left out: one of the stream alone.'),
  retained: yesOrNo.default(true).describe('Whether what topics keep comes first.'),
});

export type SubscribeQuery = z.infer<typeof SubscribeQuery>;
