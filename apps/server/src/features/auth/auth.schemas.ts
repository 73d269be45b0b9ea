import { z } from 'zod';
import { Operator } from '../operators/operator.schemas.js';

/** Only bounded here: what is wrong with a name or a password is for the log-in to say. */
export const Login = z
  .strictObject({
    name: z.string().max(256),
    password: z.string().max(1024),
    code: z.string().max(64).optional().describe('Of the second factor, or a recovery code, where 401 asked for it.'),
  })
  .meta({ id: 'Login' });

export type Login = z.infer<typeof Login>;

export const Me = Operator.extend({
  kind: z.enum(['operator', 'api-key']),
  permissions: z.array(z.string()),
  secondsLeft: z
    .int()
    .nullable()
    .describe('The sign-in ends then, unless somebody is there. Requests with the header Perch-Idle do not count.'),
  mayStay: z.boolean().describe('A request without that header makes it longer; false when it ends in any case then.'),
}).meta({ id: 'Me' });

export type Me = z.infer<typeof Me>;
