import { z } from 'zod';
import { KEY_ACTOR_PREFIX } from '../../http/actor.js';
import { instant, name, password } from '../../http/fields.js';
import { roles } from '../../http/permission.js';

/** A person who signs in. */
export const Operator = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    disabled: z.boolean(),
    secondFactor: z.boolean().describe('Signs in with a code of an app besides the password.'),
    createdAt: instant,
    lastLoginAt: instant.nullable(),
  })
  .meta({ id: 'Operator' });

export type Operator = z.infer<typeof Operator>;

export const OperatorList = z.object({ items: z.array(Operator) }).meta({ id: 'OperatorList' });

export type OperatorList = z.infer<typeof OperatorList>;

/** Operators decide over every device, so their passwords are longer. */
export const operatorPassword = password(12);

/** Not like an API key is named in the audit log. */
export const operatorName = name.refine(
  (text) => !text.startsWith(KEY_ACTOR_PREFIX),
  `must not begin with ${KEY_ACTOR_PREFIX}, which is how API keys are named`,
);

export const NewOperator = z
  .strictObject({ name: operatorName, password: operatorPassword, role: z.enum(roles) })
  .meta({ id: 'NewOperator' });

export type NewOperator = z.infer<typeof NewOperator>;

export const OperatorPatch = z
  .strictObject({
    role: z.enum(roles).optional(),
    password: operatorPassword.optional(),
    disabled: z.boolean().optional(),
  })
  .meta({ id: 'OperatorPatch' });

export type OperatorPatch = z.infer<typeof OperatorPatch>;
