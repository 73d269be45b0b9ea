import { z } from 'zod';

const checks = z.record(z.string(), z.object({ status: z.enum(['up', 'down']), message: z.string().optional() }));

/** Whether this process lives, or may take traffic. */
export const Health = z
  .object({ status: z.enum(['ok', 'error', 'shutting_down']), details: checks })
  .meta({ id: 'Health' });

export type Health = z.infer<typeof Health>;
