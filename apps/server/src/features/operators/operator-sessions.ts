import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import type { OperatorSession as OperatorSessionRow, Prisma } from '../../database/generated/client.js';
import { isUuid } from '../../database/is-uuid.js';
import { isDatabaseAway } from '../../http/database-errors.js';
import { LastKnown } from '../../http/last-known.js';
import { SESSION_COOKIE } from '../../http/session-cookie-name.js';
import { tokenHash } from '../../http/token-hash.js';
import { type KnownSignIn, SignInEndings } from '../sign-in/signed-in.js';
import type { OperatorSession } from './operator-session.schemas.js';
import { OperatorSessionsStore, type StoredSession } from './operator-sessions.store.js';

/** The browser that signs in. */
export interface Browser {
  readonly address: string;
  readonly userAgent: string;
}

const absoluteMs = 7 * 24 * 3_600_000;
/** Exact to the minute is enough for hours, and spares a write per request; a shorter rest is told more exactly. */
const touchEveryMs = 60_000;
const rememberedSessions = 1_000;

/** Who is signed in. Only a SHA-256 of each token is kept, so that a copy of the database opens nothing. */
@Injectable()
export class OperatorSessions {
  readonly endings = new SignInEndings();
  private readonly remembered = new LastKnown<StoredSession>(rememberedSessions);

  constructor(
    private readonly store: OperatorSessionsStore,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** Begins a session and returns its token, which is nowhere else. */
  async begin(operatorId: string, { address, userAgent }: Browser): Promise<string> {
    const now = Date.now();
    await this.store.removeExpired(new Date(now), new Date(now - this.idleMs));
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(now + absoluteMs);
    await this.store.insert({
      tokenHash: tokenHash(token),
      operatorId,
      address,
      userAgent: userAgent.slice(0, 500),
      expiresAt,
    });
    return token;
  }

  /** Who sent this Cookie header, or null when nobody is signed in with it. What a page sends by itself keeps nobody in. */
  async signedInBy(cookieHeader: string | undefined, isIdle = false): Promise<KnownSignIn | null> {
    const token = tokenIn(cookieHeader);
    if (token === null) return null;
    const session = await this.remembered.ask(keyOf(token), () => this.store.find(tokenHash(token)));
    if (!session || session.operator.disabled || this.hasEnded(session)) return null;
    const seenAt = isIdle ? session.lastSeenAt : await this.touch(token, session);
    const { id, operator, expiresAt } = session;
    return { kind: 'operator', id, operator, expiresAt, idleEndsAt: new Date(seenAt.getTime() + this.idleMs) };
  }

  /** Ends the session of this Cookie header, if it has one. */
  async end(cookieHeader: string | undefined): Promise<void> {
    const token = tokenIn(cookieHeader);
    if (token === null) return;
    const session = await this.store.find(tokenHash(token));
    await this.store.remove(tokenHash(token));
    this.remembered.delete(keyOf(token));
    if (session) this.endings.tell({ operatorId: session.operator.id, id: session.id });
  }

  /** Where this operator is signed in, the latest first. */
  async listOf(operatorId: string, currentId: string | null): Promise<OperatorSession[]> {
    const now = Date.now();
    const rows = await this.store.listOf(operatorId, new Date(now), new Date(now - this.idleMs));
    return rows.map((row) => ({ ...shown(row, currentId), endsAt: new Date(this.endOf(row)).toISOString() }));
  }

  /** Ends one session with the transaction; call `forget` when it is committed. Null when there is none. */
  async remove(tx: Prisma.TransactionClient, operatorId: string, id: string): Promise<object | null> {
    const row = isUuid(id) ? await this.store.removeOne(tx, operatorId, id) : null;
    return row && { address: row.address, userAgent: row.userAgent };
  }

  /** Ends every session of this operator with the transaction; call `forget` when it is committed. */
  removeAllOf(tx: Prisma.TransactionClient, operatorId: string): Promise<void> {
    return this.store.removeAllOf(tx, operatorId);
  }

  /** All sessions of this operator have ended, or the one that is named. */
  forget(operatorId: string, id: string | null = null): void {
    this.remembered.deleteWhere((session) => session.operator.id === operatorId && (id === null || session.id === id));
    this.endings.tell({ operatorId, id });
  }

  /** So long a session lasts without anybody there; a change counts for those that are open, too. */
  private get idleMs(): number {
    return this.config.signInIdleMinutes * 60_000;
  }

  private endOf({ lastSeenAt, expiresAt }: Pick<StoredSession, 'lastSeenAt' | 'expiresAt'>): number {
    return Math.min(expiresAt.getTime(), lastSeenAt.getTime() + this.idleMs);
  }

  private hasEnded(session: StoredSession): boolean {
    return this.endOf(session) <= Date.now();
  }

  /** When somebody was there last: now, to the minute. */
  private async touch(token: string, session: StoredSession): Promise<Date> {
    const now = Date.now();
    if (now - session.lastSeenAt.getTime() < Math.min(touchEveryMs, this.idleMs / 10)) return session.lastSeenAt;
    try {
      await this.store.touch(session.id, new Date(now));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
    const lastSeenAt = new Date(now);
    this.remembered.set(keyOf(token), { ...session, lastSeenAt });
    return lastSeenAt;
  }
}

function shown(row: OperatorSessionRow, currentId: string | null): Omit<OperatorSession, 'endsAt'> {
  const { id, address, userAgent, createdAt, lastSeenAt } = row;
  return {
    id,
    address,
    userAgent,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent: id === currentId,
  };
}

function tokenIn(cookieHeader: string | undefined): string | null {
  for (const pair of cookieHeader?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return null;
}

function keyOf(token: string): string {
  return Buffer.from(tokenHash(token)).toString('base64');
}
