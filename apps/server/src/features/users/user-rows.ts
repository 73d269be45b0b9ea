import type { User as UserRow } from '../../database/generated/client.js';
import { type ClientIdBinding, termsOf, type UserTerms } from '../../policy/user-terms.js';
import type { NewUserFields, User, UserPatch } from './user.schemas.js';

/** A user as its row in the database tells, without secrets; whether it is banned is not told there. */
export type StoredUser = Omit<User, 'state' | 'ban' | 'onlineClients' | 'lastSeenAt'> & {
  readonly state: Exclude<User['state'], 'locked'>;
};

/** The columns that a person decides over. */
export type UserColumns = Pick<
  UserRow,
  'note' | 'disabled' | 'clientIdBinding' | 'clientIdText' | 'addresses' | 'connectionLimit' | 'validUntil' | 'labels'
>;

/** What is kept of a password. */
export type SecretColumns = Pick<UserRow, 'passwordHash' | 'scramKeys'>;

/** The user that a row holds. */
export function userOf({ passwordHash: _hash, scramKeys: _keys, ...row }: UserRow): StoredUser {
  const { clientIdText, clientIdBinding, validUntil, ...rest } = row;
  return {
    ...rest,
    state: stateOf(row, Date.now()),
    clientIdBinding: { kind: clientIdBinding as ClientIdBinding['kind'], text: clientIdText },
    validUntil: validUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    passwordChangedAt: row.passwordChangedAt.toISOString(),
  };
}

/** The columns that these fields fill; what is left out stays as it is. */
export function columnsOf(fields: NewUserFields): UserColumns;
export function columnsOf(fields: UserPatch): Partial<UserColumns>;
export function columnsOf({
  clientIdBinding,
  validUntil,
  labels,
  addresses,
  ...rest
}: UserPatch): Partial<UserColumns> {
  return {
    ...rest,
    ...(clientIdBinding && { clientIdBinding: clientIdBinding.kind, clientIdText: clientIdBinding.text }),
    ...(validUntil !== undefined && { validUntil: validUntil === null ? null : new Date(validUntil) }),
    ...(labels && { labels: [...new Set(labels)].toSorted() }),
    ...(addresses && { addresses: [...new Set(addresses)] }),
  };
}

/** What holds for whoever logs in as this user. */
export function termsOfUser(user: StoredUser): UserTerms {
  const { clientIdBinding, validUntil } = user;
  return termsOf({
    ...user,
    clientIdBinding: clientIdBinding.kind,
    clientIdText: clientIdBinding.text,
    validUntil: validUntil === null ? null : new Date(validUntil),
  });
}

/** What the audit log calls the user. */
export function objectOf({ username }: Pick<StoredUser, 'username'>): string {
  return `user/${username}`;
}

function stateOf({ disabled, validUntil }: Pick<UserRow, 'disabled' | 'validUntil'>, now: number): StoredUser['state'] {
  if (disabled) return 'disabled';
  return validUntil !== null && validUntil.getTime() <= now ? 'expired' : 'active';
}
