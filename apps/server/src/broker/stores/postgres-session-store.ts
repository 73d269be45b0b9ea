import { setTimeout as delay } from 'node:timers/promises';
import type {
  ReadLimit,
  RestoredSession,
  SessionStore,
  StoredDelivery,
  StoredSession,
  StoredSubscription,
} from '@perch/broker';
import type pg from 'pg';
import { isDataError } from './data-error.js';
import { Gate } from './gate.js';
import { LogConnection } from './log-connection.js';
import { loadSessions } from './session-loader.js';
import { CommitLog, type CommitLogLimits } from './commit-log.js';
import { SESSION_READERS } from './session-pool.js';
import { type DeliveryRow, toDelivery } from './session-rows.js';
import { READ_DELIVERIES, READ_LAST_MESSAGE_ID } from './session-sql.js';
import { type SessionWrite, toStatements } from './session-statements.js';

const MIB = 1024 * 1024;
const LIMITS: CommitLogLimits = { deliveries: 100_000, bytes: 64 * MIB };
const CLOSE_TIMEOUT_MS = 5_000;
const READ_RETRY_MS = 500;

/** What the store is made with. */
export interface SessionStoreOptions {
  /** Made with `sessionPoolSettings`. */
  readonly pool: pg.Pool;
  /** Told when the database begins to refuse (with the error) and when it takes again (with null). */
  readonly outage: (error: Error | null) => void;
  /** Told of a session whose changes Postgres cannot store, ever. */
  readonly lost: (sessionId: number, error: Error) => void;
  readonly limits?: Partial<CommitLogLimits>;
}

/** Keeps durable sessions in Postgres. Changes that arrive together are committed together. */
export class PostgresSessionStore implements SessionStore {
  private readonly log: CommitLog;
  private readonly connection: LogConnection;
  private readonly readers = new Gate(SESSION_READERS);
  /** Of a session that is not kept nothing is written. */
  private readonly kept = new Set<number>();
  private isClosed = false;

  constructor(private readonly options: SessionStoreOptions) {
    const { pool, outage, lost, limits } = options;
    this.connection = new LogConnection(pool);
    this.log = new CommitLog({
      limits: { ...LIMITS, ...limits },
      write: (what) => this.write(what),
      outage,
      lost,
    });
  }

  /** False while the database is away. */
  get isWriting(): boolean {
    return this.log.isWriting;
  }

  get hasRoom(): boolean {
    return this.log.hasRoom;
  }

  async load(take: (session: RestoredSession) => void): Promise<void> {
    const { pool } = this.options;
    await this.connection.waitForOthers();
    const { rows } = await pool.query<{ id: string }>(READ_LAST_MESSAGE_ID);
    this.log.startAfter(Number(rows[0]?.id));
    await loadSessions(pool, {
      take: (restored) => {
        this.kept.add(restored.session.id);
        take(restored);
      },
      orphan: (sessionId) => this.forget(sessionId),
    });
  }

  keepSession(session: StoredSession): void {
    const changes = this.log.batch.of(session.id);
    changes.session = session;
    changes.isNew ||= !this.kept.has(session.id);
    this.kept.add(session.id);
    this.log.changed();
  }

  removeSession(sessionId: number): void {
    if (this.kept.delete(sessionId)) this.forget(sessionId);
  }

  keepSubscription(sessionId: number, subscription: StoredSubscription): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.of(sessionId).changeSubscription(subscription.filter, subscription);
    this.log.changed();
  }

  removeSubscription(sessionId: number, filter: string): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.of(sessionId).changeSubscription(filter, null);
    this.log.changed();
  }

  append(sessionId: number, delivery: StoredDelivery): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.append(sessionId, delivery);
    this.log.changed();
  }

  markReceived(sessionId: number, seq: number): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.of(sessionId).markReceived(seq);
    this.log.changed();
  }

  settle(sessionId: number, seq: number): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.settle(sessionId, seq);
    this.log.changed();
  }

  settleRange(sessionId: number, afterSeq: number, throughSeq: number): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.settleRange(sessionId, { after: afterSeq, through: throughSeq });
    this.log.changed();
  }

  keepPacketId(sessionId: number, packetId: number): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.of(sessionId).changePacketId(packetId, true);
    this.log.changed();
  }

  removePacketId(sessionId: number, packetId: number): void {
    if (!this.kept.has(sessionId)) return;
    this.log.batch.of(sessionId).changePacketId(packetId, false);
    this.log.changed();
  }

  committed(): Promise<void> | null {
    return this.log.committed();
  }

  /** Waits while the database is away. */
  async read(sessionId: number, afterSeq: number, { count, bytes }: ReadLimit): Promise<readonly StoredDelivery[]> {
    // What of the batch could not be kept cannot be read either; the rest can.
    await this.log.committedOf(sessionId)?.catch(() => undefined);
    const rows = await this.readers.run(() => this.select([sessionId, afterSeq, count, bytes]));
    return rows.map(toDelivery);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.log.close(CLOSE_TIMEOUT_MS);
    this.connection.close();
  }

  private async write(what: SessionWrite): Promise<void> {
    const statements = toStatements(what);
    if (statements.length > 0) await this.connection.commit(statements);
  }

  private forget(sessionId: number): void {
    this.log.batch.remove(sessionId);
    this.log.changed();
  }

  private async select(values: readonly number[]): Promise<DeliveryRow[]> {
    for (;;) {
      try {
        const query = { name: 'read-deliveries', text: READ_DELIVERIES, values: [...values] };
        return (await this.options.pool.query<DeliveryRow>(query)).rows;
      } catch (error) {
        if (this.isClosed || isDataError(error as Error)) throw error;
        await delay(READ_RETRY_MS);
      }
    }
  }
}
