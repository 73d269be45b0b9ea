import { z } from 'zod';
import { instant } from '../../http/fields.js';

/** A browser in which an operator is signed in. */
export const OperatorSession = z
  .object({
    id: z.string(),
    address: z.string(),
    userAgent: z.string(),
    createdAt: instant,
    lastSeenAt: instant.describe('Exact to the minute.'),
    endsAt: instant.describe('When it ends if it is not used before.'),
    isCurrent: z.boolean().describe('This request was made with it.'),
  })
  .meta({ id: 'OperatorSession' });

export type OperatorSession = z.infer<typeof OperatorSession>;

export const OperatorSessionList = z.object({ items: z.array(OperatorSession) }).meta({ id: 'OperatorSessionList' });

export type OperatorSessionList = z.infer<typeof OperatorSessionList>;

export const OperatorSessionParams = z.strictObject({ id: z.string().max(64), sessionId: z.string().max(64) });

export type OperatorSessionParams = z.infer<typeof OperatorSessionParams>;
