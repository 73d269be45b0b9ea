import type { PresenceEntry } from '@perch/broker';
import type pg from 'pg';
import { copyOut, withClient } from './copy-out.js';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { bigintArray, booleanArray, textArray } from './pg-array.js';
import type { RowReader } from './row-reader.js';

const MIB = 1024 * 1024;
const LINGER_MS = 250;
const CLOSE_TIMEOUT_MS = 5_000;
const ROW_OVERHEAD_BYTES = 256;

const LIMITS: GroupLimits = { pending: 500_000, pendingBytes: 256 * MIB, batch: 1_000, batchBytes: 8 * MIB };

const WRITE = `
  WITH forgotten AS (
    DELETE FROM clients
    WHERE client_id_hash IN (SELECT sha256(convert_to(client_id, 'UTF8')) FROM unnest($11::text[]) AS row (client_id))
  )
  INSERT INTO clients
    (client_id_hash, client_id, online, since, username, address, protocol, node, reason, connected_for_ms,
      authenticator)
  SELECT sha256(convert_to(client_id, 'UTF8')), client_id, online, to_timestamp(since_ms::float8 / 1000), username,
    address, protocol, node, reason, connected_ms, authenticator
  FROM unnest($1::text[], $2::boolean[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::bigint[], $10::text[])
    AS row (client_id, online, since_ms, username, address, protocol, node, reason, connected_ms, authenticator)
  ON CONFLICT (client_id_hash) DO UPDATE SET
    online = EXCLUDED.online, since = EXCLUDED.since, username = EXCLUDED.username, address = EXCLUDED.address,
    protocol = EXCLUDED.protocol, node = EXCLUDED.node, reason = EXCLUDED.reason,
    connected_for_ms = EXCLUDED.connected_for_ms, authenticator = EXCLUDED.authenticator`;

/** Nobody saw them go, so `since` stays what is known: when they came. */
const END_EARLIER_RUN = `UPDATE clients SET online = false, reason = 'server-restart' WHERE online`;

/** The columns that `readEntry` reads, in its order. */
const READ = `
  SELECT client_id, online, since, username, address, protocol, node, reason, connected_for_ms, authenticator
  FROM clients`;

/** A client that is to be remembered no more. */
interface Forgotten {
  readonly clientId: string;
  readonly isForgotten: true;
}

/** What is kept of a client; of its session the session store knows. */
export type KeptPresence = Omit<PresenceEntry, 'hasSession'>;

type Change = KeptPresence | Forgotten;

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
      lost: ({ clientId }, error) => options.lost(clientId, error),
    });
  }

  /** All clients of earlier runs. Those that were online when the server ended count as gone since the restart. */
  async load(): Promise<KeptPresence[]> {
    const entries: KeptPresence[] = [];
    await this.options.pool.query(END_EARLIER_RUN);
    const take = (row: RowReader) => entries.push(readEntry(row));
    await withClient(this.options.pool, (client) => copyOut(client, { text: READ, take }));
    return entries;
  }

  /** Remembers where the client is now. Later calls for a client win. */
  record(entry: KeptPresence): void {
    this.writer.put(entry);
  }

  /** Forgets the client. */
  forget(clientId: string): void {
    this.writer.put({ clientId, isForgotten: true });
  }

  /** Resolves when everything recorded is written. */
  close(): Promise<void> {
    return this.writer.close(CLOSE_TIMEOUT_MS);
  }

  private async write(changes: readonly Change[]): Promise<void> {
    const entries = changes.filter((change): change is KeptPresence => !isForgotten(change));
    const forgotten = changes.filter(isForgotten);
    await this.options.pool.query(WRITE, toParameters(entries, forgotten));
  }
}

function isForgotten(change: Change): change is Forgotten {
  return 'isForgotten' in change;
}

function toParameters(entries: readonly KeptPresence[], forgotten: readonly Forgotten[]): Buffer[] {
  return [
    textArray(entries.map(({ clientId }) => clientId)),
    booleanArray(entries.map(({ online }) => online)),
    bigintArray(entries.map(({ since }) => since)),
    textArray(entries.map(({ username }) => username)),
    textArray(entries.map(({ address }) => address)),
    textArray(entries.map(({ protocol }) => protocol)),
    textArray(entries.map(({ node }) => node)),
    textArray(entries.map(({ reason }) => reason)),
    bigintArray(entries.map(({ connectedForMs }) => connectedForMs)),
    textArray(entries.map(({ authenticator }) => authenticator)),
    textArray(forgotten.map(({ clientId }) => clientId)),
  ];
}

function readEntry(row: RowReader): KeptPresence {
  return {
    clientId: row.text(),
    online: row.boolean(),
    since: row.time(),
    seq: 0,
    username: textOrNull(row),
    address: textOrNull(row),
    protocol: row.text(),
    node: row.text(),
    reason: textOrNull(row),
    connectedForMs: row.isNull() ? null : row.bigint(),
    authenticator: textOrNull(row),
  };
}

function textOrNull(row: RowReader): string | null {
  return row.isNull() ? null : row.text();
}
