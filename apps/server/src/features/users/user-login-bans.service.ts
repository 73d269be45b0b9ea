import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import type { LoginBan as GuardBan } from '../../policy/login-guard.js';
import { UserAuthenticator } from '../../policy/user-authenticator.js';
import { AuditService } from '../audit/audit.service.js';
import type { LoginBan, LoginBanList, LoginBanQuery, NewLoginBan } from './login-ban.schemas.js';
import { objectOf } from './user-rows.js';
import { UsersStore } from './users.store.js';

/** Where users are kept out for wrong passwords. That is known in memory only, and ends with the process. */
@Injectable()
export class UserLoginBansService {
  constructor(
    private readonly store: UsersStore,
    private readonly authenticator: UserAuthenticator,
    private readonly audit: AuditService,
  ) {}

  async list(id: string): Promise<LoginBanList> {
    const { username } = await this.store.get(id);
    const bans = this.authenticator.guard.bansOf(username).map((ban) => shown(ban, Date.now()));
    return { items: bans.toSorted((a, b) => (a.since < b.since ? 1 : -1)) };
  }

  /** 404 when the user is not kept out there. */
  async lift(id: string, { address }: LoginBanQuery, actor: Actor): Promise<LoginBan> {
    const user = await this.store.get(id);
    const { guard } = this.authenticator;
    const held = guard.bansOf(user.username).find((ban) => ban.address === address);
    if (!held) throw new ApiError('not-found', `The user is not kept out at ${address}.`);
    const before = shown(held, Date.now());
    await this.audit.record(actor, { action: 'users.liftLoginBan', object: objectOf(user), before, after: null });
    guard.lift(user.username, address);
    return before;
  }

  /** Keeps the user out there, as wrong passwords would have: takes a lift back. */
  async create(id: string, { address, until }: NewLoginBan, actor: Actor): Promise<LoginBan> {
    const user = await this.store.get(id);
    const after = { address, until };
    await this.audit.record(actor, { action: 'users.loginBan', object: objectOf(user), before: null, after });
    const now = Date.now();
    return shown(this.authenticator.guard.ban(user.username, address, Date.parse(until) - now), now);
  }
}

function shown({ address, ageMs, leftMs }: GuardBan, now: number): LoginBan {
  return { address, since: new Date(now - ageMs).toISOString(), until: new Date(now + leftMs).toISOString() };
}
