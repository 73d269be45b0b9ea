import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { PasswordSecrets } from '../../policy/password-secrets.js';
import { AuditService } from '../audit/audit.service.js';
import { generatePassword } from './generate-password.js';
import { ShownUsers } from './shown-users.js';
import type {
  CreatedUser,
  LabelList,
  NewPassword,
  NewUser,
  PasswordReset,
  User,
  UserPage,
  UserPatch,
  UserQuery,
} from './user.schemas.js';
import { UserPush } from './user-push.js';
import { columnsOf, objectOf, termsOfUser } from './user-rows.js';
import { UsersStore } from './users.store.js';

/** Decides over the credentials that clients connect with. What it takes away is gone before it returns. */
@Injectable()
export class UsersService {
  constructor(
    private readonly store: UsersStore,
    private readonly secrets: PasswordSecrets,
    private readonly push: UserPush,
    private readonly shown: ShownUsers,
    private readonly audit: AuditService,
  ) {}

  async list({ limit, after, ...filter }: UserQuery): Promise<UserPage> {
    const [rows, total] = await Promise.all([
      this.store.after(decodeCursor(after), filter, limit + 1),
      this.store.count(filter),
    ]);
    const { items, next } = cutPage(rows, limit, (user) => user.username);
    return { items: await this.shown.of(items), next, total };
  }

  async labels(): Promise<LabelList> {
    return { items: await this.store.labels() };
  }

  async get(id: string): Promise<User> {
    return this.shown.ofOne(await this.store.get(id));
  }

  async create({ username, password, ...fields }: NewUser, actor: Actor): Promise<CreatedUser> {
    const generatedPassword = password === undefined ? generatePassword() : null;
    const secrets = await this.secrets.of(password ?? generatedPassword ?? '');
    const user = await this.audit.change(actor, async (tx) => {
      const row = { username, ...columnsOf(fields), ...secrets, createdBy: actor.name };
      const result = await this.store.insert(tx, row);
      return { result, action: 'users.create', object: objectOf(result), after: result };
    });
    // Somebody may have tried before there was such a user.
    this.push.created([user.username]);
    return { ...(await this.shown.ofOne(user)), generatedPassword };
  }

  async update(id: string, patch: UserPatch, actor: Actor): Promise<User> {
    const user = await this.audit.change(actor, async (tx) => {
      const before = await this.store.getForUpdate(id, tx);
      const result = await this.store.update(tx, id, columnsOf(patch));
      return { result, action: 'users.update', object: objectOf(result), before, after: result };
    });
    await this.push.changed([{ username: user.username, terms: termsOfUser(user) }]);
    return this.shown.ofOne(user);
  }

  async resetPassword(id: string, { password, disconnect }: NewPassword, actor: Actor): Promise<PasswordReset> {
    const generatedPassword = password === undefined ? generatePassword() : null;
    const secrets = await this.secrets.of(password ?? generatedPassword ?? '');
    const user = await this.audit.change(actor, async (tx) => {
      await this.store.getForUpdate(id, tx);
      const result = await this.store.update(tx, id, { ...secrets, passwordChangedAt: new Date() });
      return { result, action: 'users.resetPassword', object: objectOf(result), after: { disconnect } };
    });
    await this.push.changed([{ username: user.username, terms: termsOfUser(user), disconnect }]);
    return { generatedPassword };
  }

  async remove(id: string, actor: Actor): Promise<void> {
    const user = await this.audit.change(actor, async (tx) => {
      const before = await this.store.getForUpdate(id, tx);
      await this.store.remove(tx, [id]);
      return { result: before, action: 'users.remove', object: objectOf(before), before, after: null };
    });
    await this.push.changed([{ username: user.username, terms: null }]);
  }
}
