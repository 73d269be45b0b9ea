import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { Deed } from '../audit/audit.service.js';
import { AuditService } from '../audit/audit.service.js';
import { type BulkChange, type BulkResult, MOST_USERS } from './bulk.schemas.js';
import { updateUsers } from './user-batches.js';
import type { UserPatch } from './user.schemas.js';
import { MOST_LABELS } from './user-fields.js';
import { UserPush } from './user-push.js';
import { columnsOf, objectOf, type StoredUser, termsOfUser } from './user-rows.js';
import { UsersStore } from './users.store.js';

type Problem = BulkResult['problems'][number];

interface Plan {
  readonly changes: { readonly before: StoredUser; readonly patch: UserPatch | null }[];
  readonly unchanged: number;
  readonly problems: Problem[];
}

/** Changes many users at once. What it takes away is gone before it returns. */
@Injectable()
export class UserBulkService {
  constructor(
    private readonly store: UsersStore,
    private readonly push: UserPush,
    private readonly audit: AuditService,
  ) {}

  /** All that can be changed are, in one transaction. */
  async run(input: BulkChange, actor: Actor): Promise<BulkResult> {
    const { plan, after } = await this.audit.changes(actor, async (tx) => {
      const plan = planOf(input, await this.store.lock(tx, selectionOf(input), MOST_USERS + 1));
      const after = await this.write(tx, plan);
      return { result: { plan, after }, deeds: deedsOf(input, plan, after) };
    });
    const isDeletion = input.action === 'delete';
    await this.push.changed(
      after.map((user) => ({ username: user.username, terms: isDeletion ? null : termsOfUser(user) })),
    );
    const { unchanged, problems } = plan;
    return { changed: after.length, unchanged, changedIds: after.map(({ id }) => id), problems };
  }

  /** The users as they are then; of those that are deleted, as they were. */
  private async write(tx: Parameters<UsersStore['lock']>[0], { changes }: Plan): Promise<StoredUser[]> {
    const removed = changes.filter(({ patch }) => patch === null).map(({ before }) => before);
    await this.store.remove(
      tx,
      removed.map(({ id }) => id),
    );
    const updates = changes.flatMap(({ before, patch }) =>
      patch ? [{ before, columns: columnsOf(patch), secrets: null }] : [],
    );
    return [...removed, ...(await updateUsers(tx, updates))];
  }
}

function selectionOf({ ids, filter }: BulkChange) {
  return ids ? { ids: [...new Set(ids)] } : (filter ?? {});
}

function planOf(input: BulkChange, users: readonly StoredUser[]): Plan {
  if (users.length > MOST_USERS) {
    throw new ApiError('invalid-fields', `More than ${MOST_USERS} users match. Narrow the filter.`, {
      errors: [{ path: 'filter', message: 'matches too many users' }],
    });
  }
  const known = new Set(users.map(({ id }) => id));
  const missing = [...new Set(input.ids)].filter((id) => !known.has(id));
  const problems = missing.map((id): Problem => ({ id, username: null, message: 'There is no user with this id.' }));
  const changes: Plan['changes'] = [];
  for (const before of users) {
    const patch = patchOf(input, before);
    if (patch === undefined) continue;
    if (patch?.labels && patch.labels.length > MOST_LABELS) problems.push(tooManyLabels(before));
    else changes.push({ before, patch });
  }
  return { changes, problems, unchanged: users.length + missing.length - changes.length - problems.length };
}

/** What changes of this user; null for all, undefined for nothing. */
function patchOf({ action, label = '' }: BulkChange, { disabled, labels }: StoredUser): UserPatch | null | undefined {
  const hasLabel = labels.includes(label);
  switch (action) {
    case 'delete':
      return null;
    case 'disable':
      return disabled ? undefined : { disabled: true };
    case 'enable':
      return disabled ? { disabled: false } : undefined;
    case 'addLabel':
      return hasLabel ? undefined : { labels: [...labels, label] };
    case 'removeLabel':
      return hasLabel ? { labels: labels.filter((other) => other !== label) } : undefined;
  }
}

function tooManyLabels({ id, username }: StoredUser): Problem {
  return { id, username, message: `Has ${MOST_LABELS} labels already, which is the most.` };
}

function deedsOf({ action }: BulkChange, { changes }: Plan, after: readonly StoredUser[]): Deed[] {
  const afterById = new Map(action === 'delete' ? [] : after.map((user) => [user.id, user]));
  return changes.map(({ before }) => ({
    action: action === 'delete' ? 'users.remove' : 'users.update',
    object: objectOf(before),
    before,
    after: afterById.get(before.id) ?? null,
    reason: `bulk: ${action}`,
  }));
}
