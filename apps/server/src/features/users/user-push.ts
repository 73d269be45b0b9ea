import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Session } from '@perch/broker';
import { UserAuthenticator } from '../../policy/user-authenticator.js';
import { areUsers, principalOf, refusalOf, type UserTerms } from '../../policy/user-terms.js';

/** A user that was changed just now. */
export interface ChangedUser {
  readonly username: string;
  /** What holds from now on; null when there is no such user any more. */
  readonly terms: UserTerms | null;
  /** Nobody stays, whatever the terms say. */
  readonly disconnect?: boolean;
}

/** Brings a change of users to those who log in, and to the sessions that live. */
@Injectable()
export class UserPush {
  constructor(
    private readonly authenticator: UserAuthenticator,
    private readonly broker: Broker,
  ) {}

  /** There are users of these names now, who had none. */
  created(usernames: Iterable<string>): void {
    this.authenticator.forget(new Set(usernames));
  }

  /** What the changes take away is gone when this resolves: rights, and connections that no longer fit. */
  async changed(users: readonly ChangedUser[]): Promise<void> {
    const changes = new Map(users.map((user) => [user.username, user]));
    this.authenticator.forget(new Set(changes.keys()));
    // A CONNECT that was verified a moment ago becomes a session in this turn; it has to be there to be ended.
    await nextTurn();
    for (const [change, sessions] of this.sessionsOf(changes)) this.apply(change, sessions);
  }

  private sessionsOf(changes: ReadonlyMap<string, ChangedUser>): Map<ChangedUser, Session[]> {
    const found = new Map<ChangedUser, Session[]>();
    for (const session of this.broker.sessions) {
      const { identity, authenticator, isClient } = session.options;
      const isUser = isClient && areUsers(authenticator);
      const change = isUser && identity.username !== null ? changes.get(identity.username) : undefined;
      if (!change) continue;
      const sessions = found.get(change);
      if (sessions) sessions.push(session);
      else found.set(change, [session]);
    }
    return found;
  }

  private apply({ username, terms, disconnect }: ChangedUser, sessions: readonly Session[]): void {
    const now = Date.now();
    const online: Session[] = [];
    for (const session of sessions) {
      if (!terms || disconnect || refusalOf(terms, session.identity, now) !== null) this.end(session);
      else if (this.broker.sessions.connectionOf(session)) online.push(session);
      if (terms && !session.isClosed && !holds(session, terms)) this.readmit(session, username, terms);
    }
    const limit = terms?.connectionLimit ?? Number.POSITIVE_INFINITY;
    // Who was there first stays.
    for (const session of online.toSorted((a, b) => a.connectedAt - b.connectedAt).slice(limit)) this.end(session);
  }

  /** Rules that are the client's own came with it, not with the user. */
  private readmit(session: Session, username: string, terms: UserTerms): void {
    const { own } = session.options;
    this.broker.access.reauthenticated(session, { ...principalOf(username, terms), own });
  }

  private end(session: Session): void {
    this.broker.sessions.connectionOf(session)?.end('administrative-action');
  }
}

/** The session goes by these terms already. */
function holds({ options }: Session, { labels, validUntil, connectionLimit }: UserTerms): boolean {
  const { labels: former = [] } = options.identity;
  const hasLabels = former.length === labels.length && labels.every((label) => former.includes(label));
  return hasLabels && options.validUntil === validUntil && options.connectionLimit === connectionLimit;
}
