import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { Actor } from '../../http/actor.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { PasswordSecrets } from '../../policy/password-secrets.js';
import { UserAuthenticator } from '../../policy/user-authenticator.js';
import { AuditService } from '../audit/audit.service.js';
import type { NewPassword, NewUser, User, UserPage, UserPatch, UserQuery } from './user.schemas.js';
import { type StoredUser, UsersStore } from './users.store.js';

/** Decides over the credentials that clients connect with. What it takes away is gone before it returns. */
@Injectable()
export class UsersService {
  constructor(
    private readonly store: UsersStore,
    private readonly secrets: PasswordSecrets,
    private readonly authenticator: UserAuthenticator,
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  async list({ limit, after, ...filter }: UserQuery): Promise<UserPage> {
    const [rows, total] = await Promise.all([
      this.store.after(decodeCursor(after), filter, limit + 1),
      this.store.count(filter),
    ]);
    const { items, next } = cutPage(rows, limit, (user) => user.username);
    return { items: this.withClients(items), next, total };
  }

  async get(id: string): Promise<User> {
    return this.withClient(await this.store.get(id));
  }

  async create({ password, ...input }: NewUser, actor: Actor): Promise<User> {
    const secrets = await this.secrets.of(password);
    const user = await this.audit.change(actor, async (tx) => {
      const result = await this.store.insert(tx, { ...input, ...secrets, createdBy: actor.name });
      return { result, action: 'users.create', object: objectOf(result), after: result };
    });
    // Somebody may have tried before there was such a user.
    this.authenticator.forget(user.username);
    return this.withClient(user);
  }

  async update(id: string, patch: UserPatch, actor: Actor): Promise<User> {
    const user = await this.audit.change(actor, async (tx) => {
      const before = await this.store.getForUpdate(id, tx);
      const result = await this.store.update(tx, id, patch);
      return { result, action: 'users.update', object: objectOf(result), before, after: result };
    });
    await this.changed(user.username, user.disabled);
    return this.withClient(user);
  }

  async resetPassword(id: string, { password, disconnect }: NewPassword, actor: Actor): Promise<void> {
    const secrets = await this.secrets.of(password);
    const user = await this.audit.change(actor, async (tx) => {
      await this.store.getForUpdate(id, tx);
      const result = await this.store.update(tx, id, { ...secrets, passwordChangedAt: new Date() });
      return { result, action: 'users.resetPassword', object: objectOf(result), after: { disconnect } };
    });
    await this.changed(user.username, disconnect);
  }

  async remove(id: string, actor: Actor): Promise<void> {
    const user = await this.audit.change(actor, async (tx) => {
      const before = await this.store.getForUpdate(id, tx);
      await this.store.remove(tx, id);
      return { result: before, action: 'users.remove', object: objectOf(before), before, after: null };
    });
    await this.changed(user.username, true);
  }

  private async changed(username: string, disconnect: boolean): Promise<void> {
    this.authenticator.forget(username);
    if (!disconnect) return;
    // A CONNECT that was verified a moment ago becomes a session in this turn; it has to be there to be ended.
    await nextTurn();
    this.broker.disconnectUser(username);
  }

  private withClient(user: StoredUser): User {
    const [item] = this.withClients([user]);
    return { ...user, onlineClients: item?.onlineClients ?? 0 };
  }

  private withClients(users: readonly StoredUser[]): User[] {
    const counts = new Map(users.map(({ username }) => [username, 0]));
    for (const { identity, options } of this.broker.sessions) {
      const count = options.isClient && identity.username !== null ? counts.get(identity.username) : undefined;
      if (count !== undefined && identity.username !== null) counts.set(identity.username, count + 1);
    }
    return users.map((user) => ({ ...user, onlineClients: counts.get(user.username) ?? 0 }));
  }
}

function objectOf({ username }: StoredUser): string {
  return `user/${username}`;
}
