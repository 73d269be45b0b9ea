import { z } from 'zod';

const checks = z.record(z.string(), z.object({ status: z.enum(['up', 'down']) }));

/** This process lives, or may take traffic. When it may not, the answer is a problem. */
export const Health = z.object({ status: z.literal('ok'), details: checks }).meta({ id: 'Health' });

export type Health = z.infer<typeof Health>;
