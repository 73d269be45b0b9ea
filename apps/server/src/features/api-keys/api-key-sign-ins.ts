import { Injectable } from '@nestjs/common';
import type { ApiKey as ApiKeyRow } from '../../database/generated/client.js';
import { KEY_ACTOR_PREFIX } from '../../http/actor.js';
import { isDatabaseAway } from '../../http/database-errors.js';
import { LastKnown } from '../../http/last-known.js';
import { type KnownSignIn, SignInEndings } from '../sign-in/signed-in.js';
import { keyParts, opens } from './api-key-secret.js';
import { ApiKeysStore } from './api-keys.store.js';

/** Says when a key was last used to the minute, and spares a write per request. */
const touchEveryMs = 60_000;
const rememberedKeys = 1_000;

/** Programs that are signed in with an API key. */
@Injectable()
export class ApiKeySignIns {
  readonly endings = new SignInEndings();
  private readonly remembered = new LastKnown<ApiKeyRow>(rememberedKeys);

  constructor(private readonly store: ApiKeysStore) {}

  /** Who has this key, or null when it opens nothing (any more). */
  async signedInBy(text: string, address: string | null): Promise<KnownSignIn | null> {
    const parts = keyParts(text);
    if (parts === null) return null;
    const row = await this.remembered.ask(parts.id, () => this.store.find(parts.id));
    if (!row) return null;
    const opened = openedBy(parts.secret, row, Date.now());
    if (opened) await this.touch(row, address);
    return opened;
  }

  /** Why this text opens nothing, for the audit log. */
  async refusalOf(text: string): Promise<{ readonly object: string; readonly reason: string }> {
    const parts = keyParts(text);
    if (parts === null) return { object: 'api-key', reason: 'no-key' };
    const row = await this.remembered.ask(parts.id, () => this.store.find(parts.id));
    if (!row) return { object: `api-key-id/${parts.id}`, reason: 'unknown-or-revoked' };
    const isItsOwn = opens(parts.secret, row.secretHash) || opens(parts.secret, row.previousHash);
    return { object: `api-key/${row.name}`, reason: isItsOwn ? 'expired' : 'wrong-secret' };
  }

  /** The key was revoked or rotated: what it had opened ends. */
  forget(id: string): void {
    this.remembered.delete(id);
    this.endings.tell({ operatorId: id, id: null });
  }

  private async touch(row: ApiKeyRow, address: string | null): Promise<void> {
    const now = new Date();
    const isRecent = row.lastUsedAt !== null && now.getTime() - row.lastUsedAt.getTime() < touchEveryMs;
    if (isRecent) return;
    try {
      await this.store.touch(row.id, now, address);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
  }
}

function openedBy(secret: string, row: ApiKeyRow, now: number): KnownSignIn | null {
  const isPrevious = !opens(secret, row.secretHash);
  if (isPrevious && !opens(secret, row.previousHash)) return null;
  const ends = [row.expiresAt, isPrevious ? row.previousValidUntil : null].filter((end) => end !== null);
  if (ends.some((end) => end.getTime() <= now)) return null;
  const expiresAt = ends.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
  return { kind: 'api-key', id: row.id, operator: actorOf(row), expiresAt, idleEndsAt: null };
}

function actorOf({ id, name, role, createdAt }: ApiKeyRow): KnownSignIn['operator'] {
  const actor = `${KEY_ACTOR_PREFIX}${name}`;
  const none = { disabled: false, secondFactor: false, lastLoginAt: null };
  return { id, name: actor, role, createdAt: createdAt.toISOString(), ...none };
}
