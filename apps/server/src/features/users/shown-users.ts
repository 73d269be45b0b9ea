import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { BansStore } from '../../policy/bans/bans.store.js';
import { areUsers } from '../../policy/user-terms.js';
import type { User } from './user.schemas.js';
import type { StoredUser } from './user-rows.js';

type Presence = Pick<User, 'onlineClients' | 'lastSeenAt'>;

/** Adds to users what their rows do not tell: who of them is banned, has clients online, and was there last. */
@Injectable()
export class ShownUsers {
  constructor(
    private readonly broker: Broker,
    private readonly bans: BansStore,
  ) {}

  async of(users: readonly StoredUser[]): Promise<User[]> {
    const bans = await this.bans.ofUsers(users.map(({ username }) => username));
    const presence = this.presenceOf(users);
    return users.map((user) => {
      const ban = banOf(bans.get(user.username));
      const { onlineClients, lastSeenAt } = presence.get(user.username) ?? NEVER_SEEN;
      return { ...user, state: shownState(user, ban), ban, onlineClients, lastSeenAt };
    });
  }

  async ofOne(user: StoredUser): Promise<User> {
    const [shown] = await this.of([user]);
    return shown ?? { ...user, ban: null, ...NEVER_SEEN };
  }

  private presenceOf(users: readonly StoredUser[]): Map<string, Presence> {
    const seen = new Map(users.map(({ username }) => [username, { onlineClients: 0, lastSeen: 0 }]));
    for (const { username, authenticator, online, since } of this.broker.presence.list()) {
      const user = username === null ? undefined : seen.get(username);
      if (!user || !areUsers(authenticator)) continue;
      if (online) user.onlineClients++;
      user.lastSeen = Math.max(user.lastSeen, since);
    }
    const shown = [...seen].map(([username, { onlineClients, lastSeen }]): [string, Presence] => {
      return [username, { onlineClients, lastSeenAt: lastSeen === 0 ? null : new Date(lastSeen).toISOString() }];
    });
    return new Map(shown);
  }
}

const NEVER_SEEN: Presence = { onlineClients: 0, lastSeenAt: null };

type BanRow = Awaited<ReturnType<BansStore['ofUsers']>> extends Map<string, infer Row> ? Row : never;

function banOf(row: BanRow | undefined): User['ban'] {
  if (!row) return null;
  const { id, reason, createdBy, createdAt, until } = row;
  return { id, reason, createdBy, createdAt: createdAt.toISOString(), until: until?.toISOString() ?? null };
}

/** What is said of a user in a word: an end that the operators gave it comes before a ban, which passes. */
function shownState({ state }: StoredUser, ban: User['ban']): User['state'] {
  return state === 'active' && ban !== null ? 'locked' : state;
}
