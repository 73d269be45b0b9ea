import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { PasswordHasher } from '../../policy/password-hasher.js';
import { AuditService } from '../audit/audit.service.js';
import type { NewOperator, Operator, OperatorList, OperatorPatch } from './operator.schemas.js';
import { OperatorSessions } from './operator-sessions.js';
import { type OperatorCredentials, OperatorsStore } from './operators.store.js';

/** Decides over who may sign in. There is always an admin who can. */
@Injectable()
export class OperatorsService {
  constructor(
    private readonly store: OperatorsStore,
    private readonly sessions: OperatorSessions,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditService,
  ) {}

  async list(): Promise<OperatorList> {
    return { items: await this.store.list() };
  }

  /** What a log-in is checked against; null for an unknown name. */
  credentials(name: string): Promise<OperatorCredentials | null> {
    return this.store.credentials(name);
  }

  /** Writes down that the operator has signed in. */
  loggedIn(id: string, actor: Actor): Promise<Operator> {
    return this.audit.change(actor, async (tx) => {
      const result = await this.store.update(tx, id, { lastLoginAt: new Date() });
      return { result, action: 'auth.login', object: objectOf(result) };
    });
  }

  /** True while nobody has been made. */
  isEmpty(tx?: Prisma.TransactionClient): Promise<boolean> {
    return this.store.isEmpty(tx);
  }

  async create(input: NewOperator, actor: Actor): Promise<Operator> {
    const passwordHash = await this.hasher.hash(input.password);
    return this.audit.change(actor, async (tx) => {
      const result = await this.store.insert(tx, { name: input.name, role: input.role, passwordHash });
      return { result, action: 'operators.create', object: objectOf(result), after: result };
    });
  }

  /** Makes the first operator, an admin; `before` runs in the same transaction. 409 when there is one. */
  async createFirst(
    input: Pick<NewOperator, 'name' | 'password'>,
    actor: Actor,
    before: (tx: Prisma.TransactionClient) => Promise<void>,
  ): Promise<Operator> {
    const passwordHash = await this.hasher.hash(input.password);
    return this.audit.change({ ...actor, name: input.name }, async (tx) => {
      await this.store.lock(tx);
      if (!(await this.store.isEmpty(tx))) throw new ApiError('set-up-done', 'Sign in instead.');
      await before(tx);
      const result = await this.store.insert(tx, { name: input.name, role: 'admin', passwordHash });
      return { result, action: 'setup.complete', object: objectOf(result), after: result };
    });
  }

  async update(id: string, patch: OperatorPatch, actor: Actor): Promise<Operator> {
    const passwordHash = patch.password === undefined ? undefined : await this.hasher.hash(patch.password);
    const operator = await this.audit.change(actor, async (tx) => {
      await this.store.lock(tx);
      const before = await this.store.get(id, tx);
      const result = await this.store.update(tx, id, { role: patch.role, disabled: patch.disabled, passwordHash });
      await this.assertAdminLeft(tx);
      await this.sessions.removeAllOf(tx, id);
      const after = passwordHash === undefined ? result : { ...result, password: 'changed' };
      return { result, action: 'operators.update', object: objectOf(before), before, after };
    });
    this.sessions.forget(id);
    return operator;
  }

  /** Gives a new password as part of a change. */
  async setPassword(tx: Prisma.TransactionClient, id: string, passwordHash: string): Promise<void> {
    await this.store.update(tx, id, { passwordHash });
  }

  async remove(id: string, actor: Actor): Promise<void> {
    await this.audit.change(actor, async (tx) => {
      await this.store.lock(tx);
      const before = await this.store.get(id, tx);
      await this.store.remove(tx, id);
      await this.assertAdminLeft(tx);
      return { result: undefined, action: 'operators.remove', object: objectOf(before), before, after: null };
    });
    this.sessions.forget(id);
  }

  private async assertAdminLeft(tx: Prisma.TransactionClient): Promise<void> {
    if ((await this.store.countActiveAdmins(tx)) > 0) return;
    throw new ApiError('last-admin', 'Make somebody else an admin first.');
  }
}

/** What the audit log calls the operator. */
export function objectOf({ name }: Operator): string {
  return `operator/${name}`;
}
