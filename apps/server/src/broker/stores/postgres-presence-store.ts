import { createHash } from 'node:crypto';
import type { PresenceEntry } from '@perch/broker';
import type pg from 'pg';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { streamRows } from './row-stream.js';

const MIB = 1024 * 1024;
const LINGER_MS = 250;
const CLOSE_TIMEOUT_MS = 5_000;
const ROW_OVERHEAD_BYTES = 256;

const LIMITS: GroupLimits = { pending: 500_000, pendingBytes: 256 * MIB, batch: 1_000, batchBytes: 8 * MIB };

const WRITE = `
  WITH forgotten AS (
    DELETE FROM clients WHERE client_id_hash = ANY ($10::bytea[])
  )
  INSERT INTO clients
    (client_id_hash, client_id, online, since, username, address, protocol, node, reason, connected_for_ms)
  SELECT hash, client_id, online, to_timestamp(since_ms / 1000.0), username, address, protocol, node, reason, connected_ms
  FROM unnest($1::bytea[], $2::text[], $3::boolean[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $11::bigint[])
    AS row (hash, client_id, online, since_ms, username, address, protocol, node, reason, connected_ms)
  ON CONFLICT (client_id_hash) DO UPDATE SET
    online = EXCLUDED.online, since = EXCLUDED.since, username = EXCLUDED.username, address = EXCLUDED.address,
    protocol = EXCLUDED.protocol, node = EXCLUDED.node, reason = EXCLUDED.reason,
    connected_for_ms = EXCLUDED.connected_for_ms`;

/** Nobody saw them go, so `since` stays what is known: when they came. */
const END_EARLIER_RUN = `UPDATE clients SET online = false, reason = 'server-restart' WHERE online`;

const READ = `
  SELECT client_id, online, (extract(epoch FROM since) * 1000)::float8 AS since_ms, username, address, protocol, node,
    reason, connected_for_ms::float8 AS connected_ms
  FROM clients`;

interface ClientRow {
  readonly client_id: string;
  readonly online: boolean;
  readonly since_ms: number;
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string;
  readonly node: string;
  readonly reason: string | null;
  readonly connected_ms: number | null;
}

/** The latest presence of a client, or null when it is to be forgotten. */
interface Change {
  readonly clientId: string;
  readonly entry: PresenceEntry | null;
}

/** What the store is made with. */
export interface PresenceStoreOptions {
  readonly pool: pg.Pool;
  readonly outage: (error: Error | null) => void;
  /** Told of a change that could not be kept. */
  readonly lost: (clientId: string, error: Error) => void;
  readonly limits?: Partial<GroupLimits>;
}

/** Keeps the last known presence of clients in Postgres, a few times a second. */
export class PostgresPresenceStore {
  private readonly writer: GroupWriter<Change>;

  constructor(private readonly options: PresenceStoreOptions) {
    this.writer = new GroupWriter({
      limits: { ...LIMITS, ...options.limits },
      lingerMs: LINGER_MS,
      keyOf: ({ clientId }) => clientId,
      sizeOf: ({ clientId }) => clientId.length + ROW_OVERHEAD_BYTES,
      write: (changes) => this.write(changes),
      outage: options.outage,
    });
  }

  /** All clients of earlier runs. Those that were online when the server ended count as gone since the restart. */
  async load(): Promise<PresenceEntry[]> {
    const entries: PresenceEntry[] = [];
    await this.options.pool.query(END_EARLIER_RUN);
    const take = (row: ClientRow) => entries.push(toEntry(row));
    await streamRows<ClientRow>(this.options.pool, { text: READ, values: [], take });
    return entries;
  }

  /** Remembers where the client is now. Later calls for a client win. */
  record(entry: PresenceEntry): void {
    this.add({ clientId: entry.clientId, entry });
  }

  /** Forgets the client. */
  forget(clientId: string): void {
    this.add({ clientId, entry: null });
  }

  /** Resolves when everything recorded is written. */
  close(): Promise<void> {
    return this.writer.close(CLOSE_TIMEOUT_MS);
  }

  private add(change: Change): void {
    this.writer.add(change).catch((error: Error) => this.options.lost(change.clientId, error));
  }

  private async write(changes: readonly Change[]): Promise<void> {
    const entries = changes.flatMap(({ entry }) => entry ?? []);
    const forgotten = changes.filter(({ entry }) => entry === null).map(({ clientId }) => hashId(clientId));
    await this.options.pool.query(WRITE, toParameters(entries, forgotten));
  }
}

function toParameters(entries: readonly PresenceEntry[], forgotten: readonly Buffer[]): unknown[] {
  return [
    entries.map(({ clientId }) => hashId(clientId)),
    entries.map(({ clientId }) => clientId),
    entries.map(({ online }) => online),
    entries.map(({ since }) => since),
    entries.map(({ username }) => username),
    entries.map(({ address }) => address),
    entries.map(({ protocol }) => protocol),
    entries.map(({ node }) => node),
    entries.map(({ reason }) => reason),
    forgotten,
    entries.map(({ connectedForMs }) => connectedForMs),
  ];
}

function hashId(clientId: string): Buffer {
  return createHash('sha256').update(clientId).digest();
}

function toEntry(row: ClientRow): PresenceEntry {
  return {
    clientId: row.client_id,
    online: row.online,
    since: row.since_ms,
    seq: 0,
    username: row.username,
    address: row.address,
    protocol: row.protocol,
    node: row.node,
    reason: row.reason,
    connectedForMs: row.connected_ms,
  };
}
