import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { isDatabaseAway } from '../../http/database-errors.js';
import { SESSION_COOKIE } from '../../http/session-cookie-name.js';
import type { Operator } from './operator.schemas.js';
import { OperatorSessionsStore, type StoredSession } from './operator-sessions.store.js';

/** An operator at a browser. */
export interface SignedIn {
  readonly sessionId: string;
  readonly operator: Operator;
}

/** One session that was ended, or with null every session of the operator. */
export interface EndedSession {
  readonly operatorId: string;
  readonly sessionId: string | null;
}

/** The browser that signs in. */
export interface Browser {
  readonly address: string;
  readonly userAgent: string;
}

const idleMs = 12 * 3_600_000;
const absoluteMs = 7 * 24 * 3_600_000;
/** Exact to the minute is enough for 12 hours, and spares a write per request. */
const touchEveryMs = 60_000;
const rememberedSessions = 1_000;

/** Who is signed in. Only a SHA-256 of each token is kept, so that a copy of the database opens nothing. */
@Injectable()
export class OperatorSessions {
  /** What the database last said, for when it is away. Oldest first. */
  private readonly remembered = new Map<string, StoredSession>();
  private readonly listeners = new Set<(ended: EndedSession) => void>();

  constructor(private readonly store: OperatorSessionsStore) {}

  /** Begins a session and returns its token, which is nowhere else. */
  async begin(operatorId: string, { address, userAgent }: Browser): Promise<string> {
    const now = Date.now();
    await this.store.removeExpired(new Date(now), new Date(now - idleMs));
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(now + absoluteMs);
    await this.store.insert({
      tokenHash: hashOf(token),
      operatorId,
      address,
      userAgent: userAgent.slice(0, 500),
      expiresAt,
    });
    return token;
  }

  /** Who sent this Cookie header, or null when nobody is signed in with it. */
  async signedInBy(cookieHeader: string | undefined): Promise<SignedIn | null> {
    const token = tokenIn(cookieHeader);
    if (token === null) return null;
    const session = await this.find(token);
    if (!session || session.operator.disabled || hasEnded(session, Date.now())) return null;
    await this.touch(token, session);
    return { sessionId: session.id, operator: session.operator };
  }

  /** Ends the session of this Cookie header, if it has one. */
  async end(cookieHeader: string | undefined): Promise<void> {
    const token = tokenIn(cookieHeader);
    if (token === null) return;
    const session = await this.store.find(hashOf(token));
    await this.store.remove(hashOf(token));
    this.remembered.delete(keyOf(token));
    if (session) this.tell({ operatorId: session.operator.id, sessionId: session.id });
  }

  /** Ends every session of this operator with the transaction; call `forget` when it is committed. */
  removeAllOf(tx: Prisma.TransactionClient, operatorId: string): Promise<void> {
    return this.store.removeAllOf(tx, operatorId);
  }

  /** All sessions of this operator have ended. */
  forget(operatorId: string): void {
    for (const [key, session] of this.remembered) if (session.operator.id === operatorId) this.remembered.delete(key);
    this.tell({ operatorId, sessionId: null });
  }

  /** Calls the listener when sessions were ended; close what was opened with them. Returns how to stop. */
  whenEnded(listener: (ended: EndedSession) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(ended: EndedSession): void {
    for (const listener of this.listeners) listener(ended);
  }

  private async find(token: string): Promise<StoredSession | null> {
    try {
      const session = await this.store.find(hashOf(token));
      this.remember(token, session);
      return session;
    } catch (error) {
      const session = this.remembered.get(keyOf(token));
      if (session && isDatabaseAway(error)) return session;
      throw error;
    }
  }

  private remember(token: string, session: StoredSession | null): void {
    const key = keyOf(token);
    this.remembered.delete(key);
    if (!session) return;
    this.remembered.set(key, session);
    if (this.remembered.size <= rememberedSessions) return;
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined) this.remembered.delete(oldest);
  }

  private async touch(token: string, session: StoredSession): Promise<void> {
    const now = Date.now();
    if (now - session.lastSeenAt.getTime() < touchEveryMs) return;
    try {
      await this.store.touch(session.id, new Date(now));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
    this.remember(token, { ...session, lastSeenAt: new Date(now) });
  }
}

function hasEnded({ lastSeenAt, expiresAt }: StoredSession, now: number): boolean {
  return expiresAt.getTime() <= now || lastSeenAt.getTime() + idleMs <= now;
}

function tokenIn(cookieHeader: string | undefined): string | null {
  for (const pair of cookieHeader?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return null;
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
