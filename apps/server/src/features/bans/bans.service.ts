import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Session } from '@perch/broker';
import type { Ban as BanRow, Prisma } from '../../database/generated/client.js';
import { isUuid } from '../../database/is-uuid.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { BanHits } from '../../policy/bans/ban-hits.js';
import { BanList } from '../../policy/bans/ban-list.js';
import { banOf, BansStore } from '../../policy/bans/bans.store.js';
import { AuditService } from '../audit/audit.service.js';
import type {
  Ban,
  BanPage,
  BanPatch,
  BanPreview,
  BanQuery,
  BanTarget,
  BulkBan,
  BulkBanResult,
  CreatedBan,
  NewBan,
} from './ban.schemas.js';
import { isOwn, meets, targetKey } from './ban-target.js';

const SAMPLE = 10;
/** An audit entry stays readable. */
const CLIENTS_IN_AUDIT = 100;

/** Decides who may not come in. Whom a new ban meets is gone before it returns. */
@Injectable()
export class BansService {
  constructor(
    private readonly store: BansStore,
    private readonly list: BanList,
    private readonly hits: BanHits,
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  async page({ limit, after, ...filter }: BanQuery): Promise<BanPage> {
    const cursor = decodeCursor(after);
    if (cursor !== null && !isUuid(cursor)) throw new ApiError('bad-request', 'The page cursor is not valid.');
    const [rows, total] = await Promise.all([this.store.before(cursor, filter, limit + 1), this.store.count(filter)]);
    const { items, next } = cutPage(rows, limit, ({ id }) => id);
    return { items: items.map((row) => this.shown(row)), next, total };
  }

  /** 409 for the operator's own address, and where a ban of the same holds already. */
  async create({ until, ...input }: NewBan, actor: Actor): Promise<CreatedBan> {
    assertNotOwn(input, actor);
    const row = await this.audit.change(actor, async (tx) => {
      await this.store.lock(tx);
      const twin = await this.twinOf(input);
      if (twin) throw new ApiError('ban-exists', `${subjectOf(twin)} is banned already, ${untilText(twin.until)}.`);
      const data = { ...input, createdBy: actor.name, until: until === null ? null : new Date(until) };
      const result = await this.store.insert(tx, data);
      const clients = this.online(input).map(({ clientId }) => clientId);
      const met = { disconnected: clients.length, clients: clients.slice(0, CLIENTS_IN_AUDIT) };
      return { result, action: 'bans.create', object: objectOf(result), after: { ...this.shown(result), ...met } };
    });
    this.list.put(banOf(row));
    // A CONNECT that was verified a moment ago becomes a session in this turn; it has to be there to be ended.
    await nextTurn();
    const met = this.online(input);
    for (const session of met) this.broker.sessions.connectionOf(session)?.end('banned');
    return { ...this.shown(row), disconnected: met.length };
  }

  /** Bans many client ids for one reason; those that are banned already stay as they are. */
  async createAll({ clientIds, reason, until }: BulkBan, actor: Actor): Promise<BulkBanResult> {
    const asked = [...new Set(clientIds)];
    const made = await this.audit.changes(actor, async (tx) => {
      await this.store.lock(tx);
      const held = new Set((await this.store.active('clientid')).map(({ value }) => value));
      const end = until === null ? null : new Date(until);
      const bans = asked
        .filter((value) => !held.has(value))
        .map((value) => ({ kind: 'clientid', value, reason, createdBy: actor.name, until: end }));
      const result = await this.store.insertAll(tx, bans);
      const deeds = result.map((row) => ({ action: 'bans.create', object: objectOf(row), after: this.shown(row) }));
      return { result, deeds };
    });
    for (const row of made) this.list.put(banOf(row));
    await nextTurn(); // as in `create`
    let disconnected = 0;
    for (const { value } of made) {
      const session = this.broker.sessions.get(value);
      const connection = session?.options.isClient ? this.broker.sessions.connectionOf(session) : null;
      if (connection) disconnected++;
      connection?.end('banned');
    }
    return { created: made.length, existing: asked.length - made.length, disconnected };
  }

  /** Bans that were just kept hold from now on. Whom they meet is gone when this resolves. */
  async enforce(made: readonly BanRow[]): Promise<void> {
    for (const row of made) this.list.put(banOf(row));
    if (made.length === 0) return;
    await nextTurn(); // as in `create`
    for (const session of this.broker.sessions) {
      const { isClient } = session.options;
      if (isClient && this.list.find(session.identity)) this.broker.sessions.connectionOf(session)?.end('banned');
    }
  }

  /** 404 when there is no such ban, 409 when it is over. */
  async update(id: string, { reason, until }: BanPatch, actor: Actor): Promise<Ban> {
    const row = await this.change({ id, actor, action: 'bans.update' }, (tx) =>
      this.store.update(tx, id, {
        ...(reason !== undefined && { reason }),
        ...(until !== undefined && { until: until === null ? null : new Date(until) }),
      }),
    );
    this.list.put(banOf(row));
    return this.shown(row);
  }

  /** Lets them in again. The ban stays as history. */
  async lift(id: string, actor: Actor): Promise<Ban> {
    const row = await this.change({ id, actor, action: 'bans.lift' }, (tx) =>
      this.store.update(tx, id, { liftedAt: new Date(), liftedBy: actor.name }),
    );
    this.list.remove(id);
    return this.shown(row);
  }

  /** Whom a ban would meet, before it is set. */
  async preview(target: BanTarget, actor: Actor): Promise<BanPreview> {
    const known: BanPreview['sample'] = [];
    let count = 0;
    for (const entry of this.broker.presence.list()) {
      if (!meets(target, entry)) continue;
      count++;
      const { clientId, username, address } = entry;
      if (known.length < SAMPLE) known.push({ clientId, username, address });
    }
    const twin = await this.twinOf(target);
    return {
      online: this.online(target).length,
      known: count,
      sample: known,
      isOwnAddress: isOwn(target, actor),
      bannedBy: twin && this.shown(twin),
    };
  }

  private change({ id, actor, action }: BanDeed, work: (tx: Tx) => Promise<BanRow>): Promise<BanRow> {
    return this.audit.change(actor, async (tx) => {
      const before = isUuid(id) ? await this.store.getForUpdate(tx, id) : null;
      if (!before) throw new ApiError('not-found', 'There is no ban with this id.');
      if (stateOf(before) !== 'active') throw new ApiError('ban-over', 'The ban is over already; set a new one.');
      const result = await work(tx);
      const shown = { before: this.shown(before), after: this.shown(result) };
      return { result, action, object: objectOf(result), ...shown };
    });
  }

  private async twinOf(target: BanTarget): Promise<BanRow | null> {
    const rows = await this.store.active(target.kind);
    const key = targetKey(target);
    return rows.find((row) => targetKey(banOf(row)) === key) ?? null;
  }

  private online(target: BanTarget): Session[] {
    return [...this.broker.sessions].filter(
      (session) =>
        session.options.isClient && this.broker.sessions.connectionOf(session) && meets(target, session.identity),
    );
  }

  private shown(row: BanRow): Ban {
    const unwritten = this.hits.of(row.id);
    const lastHitAt = unwritten ? new Date(unwritten.lastAt) : row.lastHitAt;
    return {
      id: row.id,
      kind: banOf(row).kind,
      value: row.value,
      state: stateOf(row),
      reason: row.reason,
      createdBy: row.createdBy,
      createdAt: row.createdAt.toISOString(),
      until: row.until?.toISOString() ?? null,
      liftedAt: row.liftedAt?.toISOString() ?? null,
      liftedBy: row.liftedBy,
      hits: Number(row.hits) + (unwritten?.hits ?? 0),
      lastHitAt: lastHitAt?.toISOString() ?? null,
    };
  }
}

type Tx = Prisma.TransactionClient;

/** What is done to one ban, and by whom. */
interface BanDeed {
  readonly id: string;
  readonly actor: Actor;
  readonly action: string;
}

function stateOf({ liftedAt, until }: BanRow): Ban['state'] {
  if (liftedAt) return 'lifted';
  return until && until.getTime() <= Date.now() ? 'ended' : 'active';
}

/** Whoever locks themselves out cannot lift the ban. */
function assertNotOwn(target: BanTarget, actor: Actor): void {
  if (!isOwn(target, actor)) return;
  throw new ApiError('own-address', `You come from ${actor.address}, which ${target.value} would keep out.`);
}

function subjectOf({ kind, value }: BanRow): string {
  const words: Record<string, string> = { clientid: 'Client', username: 'User', ipaddr: 'Address' };
  return `${words[kind] ?? kind} ${value}`;
}

function untilText(until: Date | null): string {
  return until ? `until ${until.toISOString()}` : 'for ever';
}

/** What the audit log calls the ban. */
export function objectOf({ kind, value }: Pick<BanRow, 'kind' | 'value'>): string {
  return `ban/${kind}/${value}`;
}
