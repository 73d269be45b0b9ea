import { sizeOf, type Message, type RetainedStore } from '@perch/broker';
import type pg from 'pg';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { hashTopic, toColumns, toMessage, type RetainedRow } from './retained-row.js';
import { streamRows } from './row-stream.js';

const MIB = 1024 * 1024;
const PAGE_ROWS = 20_000;
const CLOSE_TIMEOUT_MS = 5_000;
const ROW_OVERHEAD_BYTES = 256;

const LIMITS: GroupLimits = { pending: 100_000, pendingBytes: 64 * MIB, batch: 2_000, batchBytes: 8 * MIB };

/** One statement, so it commits whole or not at all. A topic is never in both halves: the latest value decides. */
const WRITE = `
  WITH forgotten AS (
    DELETE FROM retained_messages WHERE topic_hash = ANY ($9::bytea[])
  )
  INSERT INTO retained_messages
    (topic_hash, topic, payload, qos, properties, publisher, stored_at, expires_at)
  SELECT topic_hash, topic, payload, qos, properties, publisher,
    to_timestamp(stored_ms / 1000.0), to_timestamp(expires_ms / 1000.0)
  FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::smallint[], $5::jsonb[], $6::text[], $7::bigint[], $8::bigint[])
    AS row (topic_hash, topic, payload, qos, properties, publisher, stored_ms, expires_ms)
  ON CONFLICT (topic_hash) DO UPDATE SET
    payload = EXCLUDED.payload, qos = EXCLUDED.qos, properties = EXCLUDED.properties,
    publisher = EXCLUDED.publisher, stored_at = EXCLUDED.stored_at, expires_at = EXCLUDED.expires_at`;

const READ_PAGE = `
  SELECT topic, payload, qos, properties, publisher,
    (extract(epoch FROM stored_at) * 1000)::float8 AS stored_ms,
    (extract(epoch FROM expires_at) * 1000)::float8 AS expires_ms
  FROM retained_messages WHERE topic_hash > $1 ORDER BY topic_hash LIMIT ${PAGE_ROWS}`;

const DELETE_EXPIRED = 'DELETE FROM retained_messages WHERE expires_at <= now()';

/** What the store is made with. */
export interface RetainedStoreOptions {
  readonly pool: pg.Pool;
  readonly outage: (error: Error | null) => void;
  readonly limits?: Partial<GroupLimits>;
}

/** Keeps retained messages in Postgres. Messages that arrive together are committed together. */
export class PostgresRetainedStore implements RetainedStore {
  private readonly pool: pg.Pool;
  private readonly writer: GroupWriter<Message>;

  constructor({ pool, outage, limits }: RetainedStoreOptions) {
    this.pool = pool;
    this.writer = new GroupWriter({
      limits: { ...LIMITS, ...limits },
      lingerMs: 0,
      keyOf: ({ topic }) => topic,
      sizeOf: (message) => message.topic.length + sizeOf(message) + ROW_OVERHEAD_BYTES,
      write: (messages) => this.write(messages),
      outage,
    });
  }

  /** False while the database is away. */
  get isWriting(): boolean {
    return this.writer.isWriting;
  }

  /** In pages, so that no one query runs into the pool's time limit. */
  async load(take: (message: Message) => void): Promise<void> {
    await this.pool.query(DELETE_EXPIRED);
    let after: Buffer = Buffer.alloc(0);
    let last = '';
    let rows: number;
    do {
      rows = 0;
      const takeRow = (row: RetainedRow) => {
        rows += 1;
        last = row.topic;
        take(toMessage(row));
      };
      await streamRows<RetainedRow>(this.pool, { text: READ_PAGE, values: [after], take: takeRow });
      after = hashTopic(last);
    } while (rows === PAGE_ROWS);
  }

  keep(message: Message): Promise<void> {
    return this.writer.add(message);
  }

  close(): Promise<void> {
    return this.writer.close(CLOSE_TIMEOUT_MS);
  }

  private async write(messages: readonly Message[]): Promise<void> {
    const kept = messages.filter(({ payload }) => payload.length > 0);
    const forgotten = messages.filter(({ payload }) => payload.length === 0).map(({ topic }) => hashTopic(topic));
    await this.pool.query(WRITE, [...toColumns(kept), forgotten]);
  }
}
