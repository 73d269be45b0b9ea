import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { areUsers } from '../../policy/user-terms.js';
import type { User } from './user.schemas.js';
import type { StoredUser } from './user-rows.js';

/** Knows which users have clients online, and when the last one came or went. */
@Injectable()
export class UserPresence {
  constructor(private readonly broker: Broker) {}

  of(users: readonly StoredUser[]): User[] {
    const seen = new Map(users.map(({ username }) => [username, { onlineClients: 0, lastSeen: 0 }]));
    for (const { username, authenticator, online, since } of this.broker.presence.list()) {
      const user = username === null ? undefined : seen.get(username);
      if (!user || !areUsers(authenticator)) continue;
      if (online) user.onlineClients++;
      user.lastSeen = Math.max(user.lastSeen, since);
    }
    return users.map((user) => {
      const { onlineClients = 0, lastSeen = 0 } = seen.get(user.username) ?? {};
      return { ...user, onlineClients, lastSeenAt: lastSeen === 0 ? null : new Date(lastSeen).toISOString() };
    });
  }

  ofOne(user: StoredUser): User {
    return this.of([user])[0] ?? { ...user, onlineClients: 0, lastSeenAt: null };
  }
}
