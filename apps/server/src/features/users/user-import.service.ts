import { Injectable } from '@nestjs/common';
import { chunksOf } from '../../database/chunks-of.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { type KeptPassword, PasswordSecrets } from '../../policy/password-secrets.js';
import { AuditService, type Deed } from '../audit/audit.service.js';
import { type ImportPlan, type PlannedRow, planImport, readFile, resultOf } from './import-plan.js';
import {
  MOST_PASSWORDS,
  MOST_ROWS,
  MOST_ROWS_TRIED,
  type UserImport,
  type UserImportResult,
} from './import.schemas.js';
import { insertUsers, type NewRow, type RowChange, updateUsers } from './user-batches.js';
import { NewUserFields } from './user.schemas.js';
import { UserPush } from './user-push.js';
import { columnsOf, objectOf, type StoredUser, termsOfUser } from './user-rows.js';
import { UsersStore } from './users.store.js';

type Tx = Parameters<UsersStore['lock']>[0];
type Secrets = ReadonlyMap<PlannedRow, KeptPassword>;

const HASHES_AT_ONCE = 4;
const PROBLEMS_SAID = 100;

/** Takes in many users from a file: all rows, or none, unless those that are wrong are to be left out. */
@Injectable()
export class UserImportService {
  constructor(
    private readonly store: UsersStore,
    private readonly secrets: PasswordSecrets,
    private readonly push: UserPush,
    private readonly audit: AuditService,
  ) {}

  /** What it takes away of live connections is gone before it returns. 422 when rows are wrong. */
  async run(input: UserImport, actor: Actor): Promise<UserImportResult> {
    const file = readFile(input);
    checkSize(file.rows.length, input.dryRun ? MOST_ROWS_TRIED : MOST_ROWS);
    const names = [...new Set(file.rows.map(({ cells }) => cells.username ?? ''))].filter(
      (name) => !name.includes('\0'),
    );
    const plan = await planImport(file, await this.store.named(names), input.existing);
    if (input.dryRun) return resultOf(plan, false);
    if (!input.skipErrors) refuseProblems(plan);
    const secrets = await this.secretsOf(plan);
    const { created, updated } = await this.audit.changes(actor, async (tx) => {
      const result = await this.write(tx, { plan, secrets, actor });
      return { result, deeds: deedsOf(result) };
    });
    this.push.created(created.map(({ username }) => username));
    await this.push.changed(changesOf(plan, updated, input.disconnect));
    return resultOf(plan, true);
  }

  private async secretsOf({ rows }: ImportPlan): Promise<Secrets> {
    const wanted = rows.filter(({ outcome }) => outcome === 'create' || outcome === 'update');
    const plain = wanted.filter(({ password }) => password !== null);
    if (plain.length > MOST_PASSWORDS) {
      throw tooMany(`${plain.length} passwords have to be hashed; one request takes ${MOST_PASSWORDS}.`);
    }
    const secrets = new Map<PlannedRow, KeptPassword>();
    for (const row of wanted) {
      if (row.passwordHash !== null) secrets.set(row, { passwordHash: row.passwordHash, scramKeys: null });
    }
    for (const some of chunksOf(plain, HASHES_AT_ONCE)) {
      const kept = await Promise.all(some.map(({ password }) => this.secrets.of(password ?? '')));
      for (const [index, row] of some.entries()) secrets.set(row, kept[index] as KeptPassword);
    }
    return secrets;
  }

  private async write(tx: Tx, { plan, secrets, actor }: { plan: ImportPlan; secrets: Secrets; actor: Actor }) {
    const rows: NewRow[] = [];
    for (const row of plan.rows) {
      const kept = secrets.get(row);
      if (row.outcome !== 'create' || !kept) continue;
      const columns = columnsOf(NewUserFields.parse(row.fields));
      rows.push({ username: row.username, ...columns, ...kept, createdBy: actor.name });
    }
    const toUpdate = new Map(plan.rows.flatMap((row) => (row.outcome === 'update' ? [[row.existing?.id, row]] : [])));
    const before = await this.store.lock(tx, { ids: [...toUpdate.keys()].flatMap((id) => id ?? []) }, toUpdate.size);
    const changes = before.flatMap((user): RowChange[] => {
      const row = toUpdate.get(user.id);
      return row ? [{ before: user, columns: columnsOf(row.fields), secrets: secrets.get(row) ?? null }] : [];
    });
    return { created: await insertUsers(tx, rows), before, updated: await updateUsers(tx, changes) };
  }
}

function checkSize(rows: number, most: number): void {
  if (rows > most) throw tooMany(`The file has ${rows} rows; one request takes ${most}.`);
}

function tooMany(detail: string): ApiError {
  return new ApiError('invalid-fields', `${detail} Send it in parts.`, {
    errors: [{ path: 'content', message: 'is too long for one request' }],
  });
}

function refuseProblems({ problems }: ImportPlan): void {
  const [first] = problems;
  if (!first) return;
  const errors = problems.slice(0, PROBLEMS_SAID).map(({ row, column, message }) => ({
    path: `content:${row}${column === null ? '' : `:${column}`}`,
    message,
    line: row,
  }));
  const detail = `Nothing was imported: row ${first.row}${first.column ? `, ${first.column}` : ''} ${first.message}.`;
  throw new ApiError('invalid-fields', detail, { errors });
}

function deedsOf({ created, before, updated }: Record<'created' | 'before' | 'updated', StoredUser[]>): Deed[] {
  const former = new Map(before.map((user) => [user.id, user]));
  const reason = 'import';
  return [
    ...created.map((after) => ({ action: 'users.create', object: objectOf(after), after, reason })),
    ...updated.map((after) => ({
      action: 'users.update',
      object: objectOf(after),
      before: former.get(after.id) ?? null,
      after,
      reason,
    })),
  ];
}

function changesOf(plan: ImportPlan, updated: readonly StoredUser[], disconnect: boolean) {
  const rows = new Map(plan.rows.map((row) => [row.username, row]));
  return updated.map((user) => {
    const row = rows.get(user.username);
    const hasOtherPassword = row !== undefined && (row.password !== null || row.passwordHash !== null);
    return { username: user.username, terms: termsOfUser(user), disconnect: disconnect && hasOtherPassword };
  });
}
