import { Injectable } from '@nestjs/common';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { tokenHash } from '../../http/token-hash.js';
import { AuditService } from '../audit/audit.service.js';
import type { ApiKeyList, ApiKeyRotation, IssuedApiKey, NewApiKey } from './api-key.schemas.js';
import { keyText, newKeyId, newSecret } from './api-key-secret.js';
import { ApiKeySignIns } from './api-key-sign-ins.js';
import { apiKeyOf, ApiKeysStore } from './api-keys.store.js';

const KEYS_MAX = 1_000;

/** Decides over the keys that programs sign in with. They outlive whoever made them, until they are revoked. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly store: ApiKeysStore,
    private readonly signIns: ApiKeySignIns,
    private readonly audit: AuditService,
  ) {}

  async list(): Promise<ApiKeyList> {
    return { items: await this.store.list() };
  }

  create({ name, role, expiresAt }: NewApiKey, actor: Actor): Promise<IssuedApiKey> {
    const [id, secret] = [newKeyId(), newSecret()];
    return this.audit.change(actor, async (tx) => {
      if ((await this.store.count(tx)) >= KEYS_MAX) throw tooMany();
      const key = await this.store.insert(tx, {
        id,
        name,
        role,
        secretHash: tokenHash(secret),
        createdBy: actor.name,
        expiresAt,
      });
      const result = { key, secret: keyText({ id, secret }) };
      return { result, action: 'apiKeys.create', object: objectOf(key), after: key };
    });
  }

  /** Gives the key a new secret. What is open with the old one is closed; it may come back while the old one opens. */
  async rotate(id: string, { keepOldMinutes, expiresAt }: ApiKeyRotation, actor: Actor): Promise<IssuedApiKey> {
    const secret = newSecret();
    const now = Date.now();
    const issued = await this.audit.change(actor, async (tx) => {
      const row = await this.store.getForUpdate(tx, id);
      const key = await this.store.update(tx, id, {
        secretHash: tokenHash(secret),
        previousHash: keepOldMinutes === 0 ? null : row.secretHash,
        previousValidUntil: keepOldMinutes === 0 ? null : new Date(now + keepOldMinutes * 60_000),
        rotatedAt: new Date(now),
        expiresAt,
      });
      const result = { key, secret: keyText({ id, secret }) };
      return { result, action: 'apiKeys.rotate', object: objectOf(key), before: apiKeyOf(row), after: key };
    });
    this.signIns.forget(id);
    return issued;
  }

  /** The key opens nothing any more, and what it had opened is closed, before this resolves. */
  async revoke(id: string, actor: Actor): Promise<void> {
    await this.audit.change(actor, async (tx) => {
      const before = apiKeyOf(await this.store.getForUpdate(tx, id));
      await this.store.remove(tx, id);
      return { result: undefined, action: 'apiKeys.revoke', object: objectOf(before), before, after: null };
    });
    this.signIns.forget(id);
  }
}

function objectOf({ name }: { readonly name: string }): string {
  return `api-key/${name}`;
}

function tooMany(): ApiError {
  return new ApiError('limit-reached', `There are ${KEYS_MAX} API keys. Revoke some that nobody uses first.`);
}
