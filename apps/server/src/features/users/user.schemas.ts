import { z } from 'zod';
import { instant, name, needle, password, text } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

/** The credentials a client connects with. */
export const User = z
  .object({
    id: z.string(),
    username: z.string(),
    disabled: z.boolean(),
    note: z.string(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
    passwordChangedAt: instant,
    onlineClients: z.int(),
  })
  .meta({ id: 'User' });

export type User = z.infer<typeof User>;

export const UserPage = z.object({ items: z.array(User), next: nextCursor, total: z.int() }).meta({ id: 'UserPage' });

export type UserPage = z.infer<typeof UserPage>;

export const UserQuery = z.strictObject({
  q: needle.optional().describe('Part of the username or of the note.'),
  state: z.enum(['active', 'disabled']).optional(),
  ...pageQuery(500, 100),
});

export type UserQuery = z.infer<typeof UserQuery>;

const note = text(2000);
const userPassword = password(6);

export const NewUser = z
  .strictObject({ username: name, password: userPassword, note: note.default('') })
  .meta({ id: 'NewUser' });

export type NewUser = z.infer<typeof NewUser>;

export const UserPatch = z
  .strictObject({ note: note.optional(), disabled: z.boolean().optional() })
  .meta({ id: 'UserPatch' });

export type UserPatch = z.infer<typeof UserPatch>;

export const NewPassword = z
  .strictObject({ password: userPassword, disconnect: z.boolean().default(true) })
  .meta({ id: 'NewPassword' });

export type NewPassword = z.infer<typeof NewPassword>;
