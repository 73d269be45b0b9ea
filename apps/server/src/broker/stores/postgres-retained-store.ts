import { sizeOf, type Message, type RetainedStore } from '@perch/broker';
import type pg from 'pg';
import { copyOut, withClient } from './copy-out.js';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { COLUMNS, hashTopic, readMessage, toColumns } from './retained-row.js';

const MIB = 1024 * 1024;
/** Of the table's blocks, which hold 8 KiB; larger values are stored beside them. */
const PAGE_BLOCKS = 1_000;
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

const COUNT_BLOCKS = `
  SELECT (pg_relation_size('retained_messages') / current_setting('block_size')::int)::int AS blocks`;

const readPage = (block: number) => `
  SELECT ${COLUMNS.join(', ')} FROM retained_messages WHERE ctid >= '(${block},0)' AND ctid < '(${block + PAGE_BLOCKS},0)'`;

const DELETE_EXPIRED = 'DELETE FROM retained_messages WHERE expires_at <= now()';

/** What the store is made with. */
export interface RetainedStoreOptions {
  readonly pool: pg.Pool;
  readonly outage: (error: Error | null) => void;
  readonly limits?: Partial<GroupLimits>;
  /** Told what was read at the start, and how long it took. */
  readonly loaded?: (loaded: { readonly count: number; readonly ms: number }) => void;
}

/** Keeps retained messages in Postgres. Messages that arrive together are committed together. */
export class PostgresRetainedStore implements RetainedStore {
  private readonly pool: pg.Pool;
  private readonly loaded: RetainedStoreOptions['loaded'];
  private readonly writer: GroupWriter<Message>;

  constructor({ pool, outage, limits, loaded }: RetainedStoreOptions) {
    this.pool = pool;
    this.loaded = loaded;
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

  async load(take: (message: Message) => void): Promise<void> {
    const startedAt = performance.now();
    await this.pool.query(DELETE_EXPIRED);
    let count = 0;
    await withClient(this.pool, (client) =>
      readAll(client, (message) => {
        count += 1;
        take(message);
      }),
    );
    this.loaded?.({ count, ms: performance.now() - startedAt });
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

/**
 * As of one moment, in the order in which the rows are stored, and in pages, so that no one query runs into the
 * pool's time limit.
 */
async function readAll(client: pg.ClientBase, take: (message: Message) => void): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ blocks: number }>(COUNT_BLOCKS);
  const blocks = rows[0]?.blocks ?? 0;
  for (let block = 0; block < blocks; block += PAGE_BLOCKS) {
    await copyOut(client, { text: readPage(block), take: (row) => take(readMessage(row)) });
  }
  await client.query('COMMIT');
}
