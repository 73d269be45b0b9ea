import { z } from 'zod';
import { instant, needle } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import {
  addresses,
  clientIdBinding,
  connectionLimit,
  label,
  labels,
  note,
  username,
  userPassword,
  validUntil,
} from './user-fields.js';

const userState = z.enum(['active', 'disabled', 'expired', 'locked']);

/** Why nobody gets in by a user's name, whatever the password says. */
const userBan = z.object({
  id: z.string().describe('Lift it with `DELETE /bans/{id}`.'),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  until: instant.nullable().describe('Null: for ever.'),
});

/** The credentials a client connects with, and on what terms. */
export const User = z
  .object({
    id: z.string(),
    username: z.string(),
    disabled: z.boolean(),
    state: userState.describe(
      'Disabled by an operator, expired since `validUntil`, or locked by `ban`; the first of these that is so.',
    ),
    ban: userBan.nullable().describe('The ban of this user name that holds now, whatever the state.'),
    note: z.string(),
    clientIdBinding: z.object({ kind: z.enum(['any', 'exact', 'prefix']), text: z.string() }),
    addresses: z.array(z.string()),
    connectionLimit: z.int().nullable(),
    validUntil: instant.nullable(),
    labels: z.array(z.string()),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
    passwordChangedAt: instant,
    onlineClients: z.int(),
    lastSeenAt: instant.nullable().describe('When a client of this user came or went last; null if none is known.'),
  })
  .meta({ id: 'User' });

export type User = z.infer<typeof User>;

const generatedPassword = z
  .string()
  .nullable()
  .describe('The password that was generated because none was given; shown here and never again.');

/** A user that has just been made. */
export const CreatedUser = User.extend({ generatedPassword }).meta({ id: 'CreatedUser' });

export type CreatedUser = z.infer<typeof CreatedUser>;

export const UserPage = z.object({ items: z.array(User), next: nextCursor, total: z.int() }).meta({ id: 'UserPage' });

export type UserPage = z.infer<typeof UserPage>;

/** Which users. */
export const userFilter = {
  q: needle.optional().describe('Part of the username or of the note.'),
  state: userState.optional(),
  label: label.optional(),
  endsBefore: z.iso.datetime({ offset: true }).optional().describe('Its end is to come, by then or earlier.'),
};

export const UserFilter = z.strictObject(userFilter);

export type UserFilter = z.infer<typeof UserFilter>;

export const UserQuery = z.strictObject({ ...userFilter, ...pageQuery(500, 100) });

export type UserQuery = z.infer<typeof UserQuery>;

const newUserFields = {
  note: note.default(''),
  disabled: z.boolean().default(false),
  clientIdBinding: clientIdBinding.default({ kind: 'any', text: '' }),
  addresses: addresses.default([]),
  connectionLimit: connectionLimit.default(null),
  validUntil: validUntil.default(null),
  labels: labels.default([]),
};

/** What a new user is besides name and password; what is left out is as usual. */
export const NewUserFields = z.strictObject(newUserFields);

export type NewUserFields = z.infer<typeof NewUserFields>;

export const NewUser = z
  .strictObject({
    username,
    password: userPassword.optional().describe('Left out: one is generated, and returned this one time.'),
    ...newUserFields,
  })
  .meta({ id: 'NewUser' });

export type NewUser = z.infer<typeof NewUser>;

export const UserPatch = z
  .strictObject({
    note: note.optional(),
    disabled: z.boolean().optional(),
    clientIdBinding: clientIdBinding.optional(),
    addresses: addresses.optional(),
    connectionLimit: connectionLimit.optional(),
    validUntil: validUntil.optional(),
    labels: labels.optional(),
  })
  .meta({ id: 'UserPatch' });

export type UserPatch = z.infer<typeof UserPatch>;

export const NewPassword = z
  .strictObject({
    password: userPassword.optional().describe('Left out: one is generated, and returned this one time.'),
    disconnect: z.boolean().default(true),
  })
  .meta({ id: 'NewPassword' });

export type NewPassword = z.infer<typeof NewPassword>;

export const PasswordReset = z.object({ generatedPassword }).meta({ id: 'PasswordReset' });

export type PasswordReset = z.infer<typeof PasswordReset>;

export const LabelList = z
  .object({ items: z.array(z.object({ label: z.string(), users: z.int() })) })
  .meta({ id: 'LabelList' });

export type LabelList = z.infer<typeof LabelList>;
