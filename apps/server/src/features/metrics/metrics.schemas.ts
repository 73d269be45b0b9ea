import { z } from 'zod';

export const ScrapeQuery = z.strictObject({
  format: z.enum(['prometheus', 'openmetrics']).optional().describe('Left out: what the Accept header says.'),
});

export type ScrapeQuery = z.infer<typeof ScrapeQuery>;
