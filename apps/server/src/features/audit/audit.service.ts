import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import type { AuditPage, AuditQuery } from './audit.schemas.js';
import { AuditStore } from './audit.store.js';

/** What was done to what. `before` and `after` never hold a secret. */
export interface Deed {
  readonly action: string;
  readonly object: string;
  readonly before?: object | null;
  readonly after?: object | null;
  readonly reason?: string | null;
}

/** A deed with what the caller wanted from it. */
export interface Change<Result> extends Deed {
  readonly result: Result;
}

const MANY_CHANGES_TIMEOUT_MS = 120_000;

/** Writes down every change an operator makes, with the change itself, and every one refused. */
@Injectable()
export class AuditService {
  constructor(private readonly store: AuditStore) {}

  /** Runs a change of the database and writes its entry in the same transaction: both happen, or neither. */
  change<Result>(actor: Actor, work: (tx: Prisma.TransactionClient) => Promise<Change<Result>>): Promise<Result> {
    return this.store.transaction(async (tx) => {
      const { result, ...deed } = await work(tx);
      await this.append(tx, actor, deed);
      return result;
    });
  }

  /** The same for many at once, an entry for each deed. */
  changes<Result>(
    actor: Actor,
    work: (tx: Prisma.TransactionClient) => Promise<{ readonly result: Result; readonly deeds: readonly Deed[] }>,
  ): Promise<Result> {
    return this.store.transaction(async (tx) => {
      const { result, deeds } = await work(tx);
      await this.store.append(
        deeds.map((deed) => entry(actor, deed, 'done')),
        tx,
      );
      return result;
    }, MANY_CHANGES_TIMEOUT_MS);
  }

  /** Writes down what a transaction of somebody else has done. Others wait for its end: call it last. */
  append(tx: Prisma.TransactionClient, actor: Actor, deed: Deed): Promise<void> {
    return this.store.append([entry(actor, deed, 'done')], tx);
  }

  /** Writes down what is about to be done outside the database. Nothing may be done when this rejects. */
  record(actor: Actor, deed: Deed): Promise<void> {
    return this.store.transaction((tx) => this.append(tx, actor, deed));
  }

  /** Writes down what was refused. */
  refused(actor: Actor, deed: Deed): Promise<void> {
    return this.store.transaction((tx) => this.store.append([entry(actor, deed, 'refused')], tx));
  }

  async list({ limit, after, ...filter }: AuditQuery): Promise<AuditPage> {
    const rows = await this.store.before(idOf(decodeCursor(after)), filter, limit + 1);
    return cutPage(rows, limit, (row) => row.id);
  }
}

function entry(actor: Actor, deed: Deed, result: 'done' | 'refused') {
  return {
    operator: actor.name,
    address: actor.address,
    requestId: actor.requestId,
    action: deed.action,
    object: deed.object,
    result,
    before: (deed.before as Record<string, unknown> | undefined) ?? null,
    after: (deed.after as Record<string, unknown> | undefined) ?? null,
    reason: deed.reason ?? null,
  };
}

function idOf(cursor: string | null): bigint | null {
  if (cursor === null) return null;
  if (!/^\d{1,18}$/.test(cursor)) throw new ApiError('bad-request', 'The page cursor is not valid.');
  return BigInt(cursor);
}
