import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { User as UserRow } from '../../database/generated/client.js';
import { ApiError } from '../../http/api-error.js';
import { line } from '../../http/fields.js';
import type { FieldError } from '../../http/problem.js';
import { readHash } from '../../policy/password-hash.js';
import { parseScramKeys } from '../../policy/scram-keys.js';
import type { Deed } from '../audit/audit.service.js';
import {
  type BackupSection,
  changesBetween,
  type ListPlan,
  type PlannedItem,
  planList,
  readItems,
  type RestoreOptions,
  type SectionPlan,
  type Tx,
} from '../backup/backup-section.js';
import { insertUsers, type NewRow, type RowChange, updateUsers } from './user-batches.js';
import { username } from './user-fields.js';
import { UserPush } from './user-push.js';
import { columnsOf, objectOf, type SecretColumns, type StoredUser, termsOfUser, userOf } from './user-rows.js';
import { NewUserFields } from './user.schemas.js';
import { UsersStore } from './users.store.js';

/** More are a matter for pg_dump. */
export const MOST_USERS_IN_BACKUP = 100_000;

const User = NewUserFields.extend({
  username,
  createdBy: line(300).default(''),
  passwordHash: z
    .string()
    .max(2048)
    .superRefine((text, context) => {
      const hash = readHash(text);
      if ('problem' in hash) context.addIssue({ code: 'custom', message: hash.problem });
    })
    .optional(),
  scramKeys: z
    .string()
    .max(2048)
    .refine((text) => parseScramKeys(text) !== null, 'is no SCRAM-SHA-256 secret as Postgres writes them')
    .nullable()
    .default(null),
  passwordChangedAt: z.iso.datetime({ offset: true }).optional(),
});

type User = z.infer<typeof User>;

/** The users that clients log in as, in a backup: with the hashes of their passwords, or without. */
@Injectable()
export class UsersBackup implements BackupSection {
  readonly name = 'users';

  constructor(
    private readonly store: UsersStore,
    private readonly push: UserPush,
  ) {}

  async *read(tx: Tx, withSecrets: boolean): AsyncGenerator<unknown> {
    let count = 0;
    for await (const row of this.store.rows(tx)) {
      if (++count > MOST_USERS_IN_BACKUP) throw tooMany();
      yield fileUser(row, withSecrets);
    }
  }

  lock(tx: Tx): Promise<void> {
    return this.store.lockAll(tx);
  }

  async plan(tx: Tx, part: unknown, options: RestoreOptions): Promise<SectionPlan> {
    const file = await readItems(User, part, this.name);
    const rows = await this.existing(tx, file.items, options);
    const plan = new UsersPlan(rows, options);
    return planList(file, plan, { mode: options.mode, apply: (tx) => this.apply(tx, plan) });
  }

  private async existing(tx: Tx, items: readonly { readonly value: User }[], { mode }: RestoreOptions) {
    const rows = new Map<string, UserRow>();
    const names = items.map(({ value }) => value.username);
    const found = mode === 'merge' ? this.store.rowsNamed(tx, names) : this.store.rows(tx);
    for await (const row of found) rows.set(row.username, row);
    return rows;
  }

  private async apply(tx: Tx, { added, changed, removed, disconnect }: UsersPlan) {
    await this.store.remove(
      tx,
      removed.map(({ id }) => id),
    );
    const made = await insertUsers(tx, added);
    const after = await updateUsers(tx, changed);
    const former = new Map(changed.map((change) => [change.before.id, change]));
    const enforce = async () => {
      this.push.created(made.map(({ username }) => username));
      await this.push.changed([
        ...removed.map(({ username }) => ({ username, terms: null })),
        ...after.map((user) => ({
          username: user.username,
          terms: termsOfUser(user),
          disconnect: disconnect && former.get(user.id)?.secrets !== null,
        })),
      ]);
    };
    return { deeds: deedsOf({ made, former, after, removed }), enforce };
  }
}

/** What becomes of whom. */
class UsersPlan implements ListPlan<User> {
  readonly items: PlannedItem[] = [];
  readonly problems: FieldError[] = [];
  readonly added: NewRow[] = [];
  readonly changed: RowChange[] = [];
  readonly removed: StoredUser[] = [];
  readonly disconnect: boolean;
  unchanged = 0;
  private readonly seen = new Set<string>();

  constructor(
    private readonly rows: ReadonlyMap<string, UserRow>,
    private readonly options: RestoreOptions,
  ) {
    this.disconnect = options.disconnect;
  }

  take({ username, passwordHash, scramKeys, passwordChangedAt, createdBy, ...fields }: User, path: string): void {
    if (this.seen.has(username)) this.problems.push({ path: `${path}.username`, message: 'is there already' });
    this.seen.add(username);
    const row = this.rows.get(username);
    const secrets = passwordHash === undefined ? null : { passwordHash, scramKeys };
    if (row) this.change(row, fields, secrets);
    else if (!secrets) {
      const message = 'is missing, and there is no such user here. Leave users out, or take a backup with secrets';
      this.problems.push({ path: `${path}.passwordHash`, message });
    } else {
      const by = createdBy || this.options.actor.name;
      this.added.push({ username, ...columnsOf(fields), ...secrets, passwordChangedAt, createdBy: by });
      this.items.push(item(username, 'create', [{}, shownOf(fields)]));
    }
  }

  /** Takes away whoever the file does not have. */
  removeOthers(): void {
    for (const row of this.rows.values()) {
      if (this.seen.has(row.username)) continue;
      const user = userOf(row);
      this.removed.push(user);
      this.items.push(item(user.username, 'remove', [user, {}]));
    }
  }

  private change(row: UserRow, fields: NewUserFields, secrets: SecretColumns | null): void {
    const before = userOf(row);
    const planned = item(row.username, 'change', [before, shownOf(fields)]);
    const others = secrets && secrets.passwordHash !== row.passwordHash ? secrets : null;
    if (others) planned.changes.push({ field: 'password', before: 'as it is', after: 'another' });
    if (planned.changes.length === 0) {
      this.unchanged++;
      return;
    }
    this.items.push(planned);
    this.changed.push({ before, columns: columnsOf(fields), secrets: others });
  }
}

const shownFields = [
  'disabled',
  'note',
  'clientIdBinding',
  'addresses',
  'connectionLimit',
  'validUntil',
  'labels',
] as const;

/** The fields of a user as they are read back. */
function shownOf(fields: NewUserFields): NewUserFields {
  const { validUntil, labels = [], addresses = [] } = columnsOf(fields);
  return { ...fields, labels, addresses, validUntil: validUntil?.toISOString() ?? null };
}

type Terms = Partial<NewUserFields>;

function item(name: string, outcome: PlannedItem['outcome'], [before, after]: readonly [Terms, Terms]) {
  return { name, outcome, changes: changesBetween<NewUserFields>(shownFields, before, after), note: null };
}

function fileUser(row: UserRow, withSecrets: boolean): unknown {
  const { username, disabled, note, addresses, connectionLimit, labels, createdBy, passwordHash, scramKeys } = row;
  const { clientIdBinding, validUntil, passwordChangedAt } = userOf(row);
  const terms = { disabled, note, clientIdBinding, addresses, connectionLimit, validUntil, labels, createdBy };
  return { username, ...terms, ...(withSecrets && { passwordHash, scramKeys, passwordChangedAt }) };
}

interface Done {
  readonly made: readonly StoredUser[];
  /** By the id of the user. */
  readonly former: ReadonlyMap<string, RowChange>;
  readonly after: readonly StoredUser[];
  readonly removed: readonly StoredUser[];
}

function deedsOf({ made, former, after, removed }: Done): Deed[] {
  const reason = 'backup';
  return [
    ...removed.map((before) => ({ action: 'users.remove', object: objectOf(before), before, after: null, reason })),
    ...made.map((user) => ({ action: 'users.create', object: objectOf(user), after: user, reason })),
    ...after.map((user) => ({
      action: 'users.update',
      object: objectOf(user),
      before: former.get(user.id)?.before ?? null,
      after: former.get(user.id)?.secrets ? { ...user, password: 'changed' } : user,
      reason,
    })),
  ];
}

function tooMany(): ApiError {
  return new ApiError(
    'too-large',
    `A backup holds ${MOST_USERS_IN_BACKUP} users at most. Leave them out, and take a dump of the database.`,
  );
}
