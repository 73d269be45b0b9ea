import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { RefusalCount } from '../refusals/refusal-seen.js';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { bigintArray, booleanArray, byteaArray, intArray, textArray } from './pg-array.js';
import { purgeRows } from './purge-rows.js';

const MIB = 1024 * 1024;
const LINGER_MS = 1_000;
const FLUSH_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 5_000;
const ROW_OVERHEAD_BYTES = 512;

const LIMITS: GroupLimits = { pending: 200_000, pendingBytes: 128 * MIB, batch: 1_000, batchBytes: 8 * MIB };

/** Separates labels: no label holds it. */
const SEPARATOR = '\u001f';

const WRITE = `
  INSERT INTO refusals
    (bucket, key_hash, run, action, refusal, client_id, username, address, labels, protocol, topic, rule_id, decider,
     revision, shadow, omits, count, first_at, last_at)
  SELECT to_timestamp(bucket::float8 / 1000), key_hash, $1::uuid, action, refusal, client_id, username, address,
    string_to_array(labels, '${SEPARATOR}'), protocol, topic, rule_id, decider, revision, shadow, omits,
    count, to_timestamp(first_ms::float8 / 1000), to_timestamp(last_ms::float8 / 1000)
  FROM unnest($2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::boolean[], $16::text[], $17::bigint[],
    $18::bigint[], $19::bigint[])
    AS row (bucket, key_hash, action, refusal, client_id, username, address, labels, protocol, topic, rule_id, decider,
      revision, shadow, omits, count, first_ms, last_ms)
  ON CONFLICT (bucket, key_hash, run) DO UPDATE SET
    count = EXCLUDED.count, last_at = EXCLUDED.last_at, revision = EXCLUDED.revision, labels = EXCLUDED.labels,
    protocol = EXCLUDED.protocol`;

const AGING = { table: 'refusals', column: 'last_at' };

/** What the store is made with. */
export interface RefusalStoreOptions {
  readonly pool: pg.Pool;
  readonly outage: (error: Error | null) => void;
  /** Told of a row whose count could not be written as it stood. */
  readonly lost: (row: RefusalCount, error: Error) => void;
  readonly limits?: Partial<GroupLimits>;
}

/** A row with what names it in the database. */
interface Keyed {
  readonly row: RefusalCount;
  readonly hash: Buffer;
}

/** Keeps counted refusals in Postgres, about once a second. A row is written as it stands, as often as it changes. */
export class PostgresRefusalStore {
  private readonly run = randomUUID();
  private readonly writer: GroupWriter<Keyed>;
  private readonly keys = new WeakMap<RefusalCount, Keyed>();

  constructor(private readonly options: RefusalStoreOptions) {
    this.writer = new GroupWriter({
      limits: { ...LIMITS, ...options.limits },
      lingerMs: LINGER_MS,
      keyOf: ({ row, hash }) => `${row.bucket} ${hash.toString('latin1')}`,
      sizeOf: ({ row }) => (row.topic?.length ?? 0) + (row.clientId?.length ?? 0) + ROW_OVERHEAD_BYTES,
      write: (items) => this.write(items),
      outage: options.outage,
      lost: ({ row }, error) => options.lost(row, error),
    });
  }

  /** Writes the row soon, with what is added to it until then. */
  put(row: RefusalCount): void {
    let keyed = this.keys.get(row);
    if (keyed === undefined) this.keys.set(row, (keyed = { row, hash: hashOf(row) }));
    row.isQueued = true;
    this.writer.put(keyed);
  }

  /** Resolves when what was put is written, or after a second: a reader does not wait for a database that is away. */
  flush(): Promise<void> {
    return this.writer.flushWithin(FLUSH_TIMEOUT_MS);
  }

  /** Removes what ended before this moment, a bounded number of rows at a time. Resolves with their number. */
  purge(before: number): Promise<number> {
    return purgeRows(this.options.pool, AGING, before);
  }

  /** Resolves when everything that was put is written. */
  close(): Promise<void> {
    return this.writer.close(CLOSE_TIMEOUT_MS);
  }

  private async write(items: readonly Keyed[]): Promise<void> {
    const counts = items.map(({ row }) => row.count);
    for (const { row } of items) row.isQueued = false; // what comes from now on has to be written again
    await this.options.pool.query(WRITE, [this.run, ...parametersOf(items, counts)]);
    items.forEach(({ row }, index) => (row.kept = counts[index] ?? row.kept));
  }
}

/** The same for all rows, of whatever quarter of an hour and run, that count the same. */
function hashOf({
  clientId,
  username,
  address,
  action,
  refusal,
  topic,
  ruleId,
  by,
  shadow,
  omits,
}: RefusalCount): Buffer {
  const key = JSON.stringify([clientId, username, address, action, refusal, topic, ruleId, by, shadow, omits]);
  return createHash('sha256').update(key).digest();
}

function parametersOf(items: readonly Keyed[], counts: readonly number[]): Buffer[] {
  const rows = items.map(({ row }) => row);
  const text = (read: (row: RefusalCount) => string | null) => textArray(rows.map((row) => storable(read(row))));
  return [
    bigintArray(rows.map(({ bucket }) => bucket)),
    byteaArray(items.map(({ hash }) => hash)),
    text(({ action }) => action),
    text(({ refusal }) => refusal),
    text(({ clientId }) => clientId),
    text(({ username }) => username),
    text(({ address }) => address),
    text(({ labels }) => labels.join(SEPARATOR)),
    text(({ protocol }) => protocol),
    text(({ topic }) => topic),
    text(({ ruleId }) => ruleId),
    text(({ by }) => by),
    intArray(rows.map(({ revision }) => revision)),
    booleanArray(rows.map(({ shadow }) => shadow)),
    text(({ omits }) => omits),
    bigintArray(counts),
    bigintArray(rows.map(({ firstAt }) => firstAt)),
    bigintArray(rows.map(({ lastAt }) => lastAt)),
  ];
}

/** Postgres has no U+0000, which only a malformed topic or name can hold. */
function storable(text: string | null): string | null {
  return text?.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}
