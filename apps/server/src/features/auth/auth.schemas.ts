import { z } from 'zod';
import { Operator } from '../operators/operator.schemas.js';

/** Only bounded here: what is wrong with a name or a password is for the log-in to say. */
export const Login = z
  .strictObject({ name: z.string().max(256), password: z.string().max(1024) })
  .meta({ id: 'Login' });

export type Login = z.infer<typeof Login>;

export const Me = Operator.extend({
  kind: z.enum(['operator', 'api-key']),
  permissions: z.array(z.string()),
}).meta({ id: 'Me' });

export type Me = z.infer<typeof Me>;
