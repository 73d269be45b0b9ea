import { z } from 'zod';
import { operatorName, operatorPassword } from '../operators/operator.schemas.js';

export const SetupState = z.object({ needed: z.boolean() }).meta({ id: 'SetupState' });

export type SetupState = z.infer<typeof SetupState>;

export const Setup = z
  .strictObject({ token: z.string().max(256), name: operatorName, password: operatorPassword })
  .meta({ id: 'Setup' });

export type Setup = z.infer<typeof Setup>;
