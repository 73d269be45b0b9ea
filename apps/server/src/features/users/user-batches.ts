import { chunksOf } from '../../database/chunks-of.js';
import type { Prisma, User as UserRow } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import { type SecretColumns, type StoredUser, type UserColumns, userOf } from './user-rows.js';

type Tx = Prisma.TransactionClient;

/** A user to add. */
export type NewRow = Pick<UserRow, 'username' | 'createdBy'> &
  UserColumns &
  SecretColumns & {
    /** ISO 8601; now where it is left out. */
    readonly passwordChangedAt?: string | undefined;
  };

/** A user to change: what is left out stays as it is. */
export interface RowChange {
  readonly before: StoredUser;
  readonly columns: Partial<UserColumns>;
  /** Another password. */
  readonly secrets: SecretColumns | null;
}

/** Rows in a statement. */
const CHUNK = 500;

// Not by Prisma's createMany and update: they take half a millisecond for each row, in which no message is delivered.

/** Adds many users. 409 when a name is taken. */
export async function insertUsers(tx: Tx, rows: readonly NewRow[]): Promise<StoredUser[]> {
  const made: StoredUser[] = [];
  for (const some of chunksOf(rows, CHUNK)) {
    const count = await tx.$executeRaw`
      INSERT INTO users (id, username, password_hash, scram_keys, disabled, note, client_id_binding, client_id_text,
        addresses, connection_limit, valid_until, labels, created_by, updated_at, password_changed_at)
      SELECT gen_random_uuid(), username, "passwordHash", "scramKeys", disabled, note, "clientIdBinding", "clientIdText",
        addresses, "connectionLimit", "validUntil", labels, "createdBy", now(), coalesce("passwordChangedAt", now())
      FROM jsonb_to_recordset(${JSON.stringify(some)}::jsonb) AS added (username text, "passwordHash" text,
        "scramKeys" text, disabled boolean, note text, "clientIdBinding" text, "clientIdText" text, addresses text[],
        "connectionLimit" int, "validUntil" timestamptz, labels text[], "createdBy" text,
        "passwordChangedAt" timestamptz)
      ON CONFLICT (username) DO NOTHING`;
    if (count < some.length) throw new ApiError('name-taken', 'One of the names was taken in this moment. Try again.');
    made.push(...(await readNamed(tx, some)));
  }
  return made;
}

/** Changes many users, each as it is to be. */
export async function updateUsers(tx: Tx, changes: readonly RowChange[]): Promise<StoredUser[]> {
  const changed: StoredUser[] = [];
  for (const some of chunksOf(changes, CHUNK)) {
    const rows = some.map(({ before, columns, secrets }) => ({ ...rowOf(before), ...columns, ...secrets }));
    await tx.$executeRaw`
      UPDATE users SET disabled = changed.disabled, note = changed.note, client_id_binding = changed."clientIdBinding",
        client_id_text = changed."clientIdText", addresses = changed.addresses, labels = changed.labels,
        connection_limit = changed."connectionLimit", valid_until = changed."validUntil", updated_at = now(),
        password_hash = coalesce(changed."passwordHash", users.password_hash),
        scram_keys = CASE WHEN changed."passwordHash" IS NULL THEN users.scram_keys ELSE changed."scramKeys" END,
        password_changed_at = CASE WHEN changed."passwordHash" IS NULL THEN users.password_changed_at ELSE now() END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS changed (id uuid, disabled boolean, note text,
        "clientIdBinding" text, "clientIdText" text, addresses text[], labels text[], "connectionLimit" int,
        "validUntil" timestamptz, "passwordHash" text, "scramKeys" text)
      WHERE users.id = changed.id`;
    changed.push(...(await readNamed(tx, rows)));
  }
  return changed;
}

async function readNamed(tx: Tx, rows: readonly { readonly username: string }[]): Promise<StoredUser[]> {
  const found = await tx.user.findMany({ where: { username: { in: rows.map(({ username }) => username) } } });
  return found.map(userOf);
}

function rowOf({ clientIdBinding, ...user }: StoredUser) {
  return { ...user, clientIdBinding: clientIdBinding.kind, clientIdText: clientIdBinding.text };
}
