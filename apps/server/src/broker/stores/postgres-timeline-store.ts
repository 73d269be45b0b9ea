import type pg from 'pg';
import type { ClientEvent } from '../timeline/client-event.js';
import { GroupWriter, type GroupLimits } from './group-writer.js';
import { bigintArray, textArray } from './pg-array.js';
import { purgeRows } from './purge-rows.js';

const MIB = 1024 * 1024;
const LINGER_MS = 1_000;
const FLUSH_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 5_000;
const ROW_OVERHEAD_BYTES = 256;

const LIMITS: GroupLimits = { pending: 200_000, pendingBytes: 128 * MIB, batch: 1_000, batchBytes: 8 * MIB };

/** How likely an event is to have the oldest ones of its client removed: so often a client's bound is looked at. */
const TRIM_CHANCE = 0.02;

const WRITE = `
  WITH trimmed AS (
    DELETE FROM client_events USING (
      SELECT hash, oldest.id
      FROM (SELECT DISTINCT sha256(convert_to(client_id, 'UTF8')) AS hash FROM unnest($9::text[]) AS row (client_id)) AS busy
      CROSS JOIN LATERAL (
        SELECT id FROM client_events WHERE client_id_hash = hash ORDER BY id DESC OFFSET $10::int LIMIT 1
      ) AS oldest
    ) AS bound
    WHERE client_id_hash = bound.hash AND client_events.id <= bound.id
  )
  INSERT INTO client_events (client_id_hash, at, kind, username, address, protocol, reason, connected_for_ms, operator)
  SELECT sha256(convert_to(client_id, 'UTF8')), to_timestamp(at_ms::float8 / 1000), kind, username, address, protocol,
    reason, connected_ms, operator
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $11::text[]) WITH ORDINALITY
    AS row (client_id, at_ms, kind, username, address, protocol, reason, connected_ms, operator, place)
  ORDER BY place`;

/** Nobody saw them go. To be asked before presence forgets who was online. */
const END_EARLIER_RUN = `
  INSERT INTO client_events (client_id_hash, at, kind, username, address, protocol, reason)
  SELECT client_id_hash, now(), 'disconnected', username, address, protocol, 'server-restart' FROM clients WHERE online`;

const AGING = { table: 'client_events', column: 'at' };

/** What the store is made with. */
export interface TimelineStoreOptions {
  readonly pool: pg.Pool;
  readonly outage: (error: Error | null) => void;
  /** Told of an event that could not be kept. */
  readonly lost: (event: ClientEvent, error: Error) => void;
  /** Events that are kept of one client; a few more until they are counted again. */
  readonly eventsPerClient: number;
  readonly limits?: Partial<GroupLimits>;
  /** How likely an event is to have its client's bound looked at. */
  readonly trimChance?: number;
}

interface Numbered {
  readonly number: number;
  readonly event: ClientEvent;
}

/** Keeps what happened to clients in Postgres, about once a second, and only so many events of each. */
export class PostgresTimelineStore {
  private readonly writer: GroupWriter<Numbered>;
  private last = 0;

  constructor(private readonly options: TimelineStoreOptions) {
    this.writer = new GroupWriter({
      limits: { ...LIMITS, ...options.limits },
      lingerMs: LINGER_MS,
      keyOf: ({ number }) => String(number),
      sizeOf: ({ event }) => event.clientId.length + ROW_OVERHEAD_BYTES,
      write: (items) => this.write(items.map(({ event }) => event)),
      outage: options.outage,
      lost: ({ event }, error) => options.lost(event, error),
    });
  }

  /** Notes the end of connections that an earlier run left open. Call it before presence is loaded. */
  async endEarlierRun(): Promise<void> {
    await this.options.pool.query(END_EARLIER_RUN);
  }

  /** Writes the event soon. */
  put(event: ClientEvent): void {
    this.writer.put({ number: ++this.last, event });
  }

  /** Resolves when what was put is written, or after a second: a reader does not wait for a database that is away. */
  flush(): Promise<void> {
    return this.writer.flushWithin(FLUSH_TIMEOUT_MS);
  }

  /** Removes what happened before this moment, a bounded number of rows at a time. Resolves with their number. */
  purge(before: number): Promise<number> {
    return purgeRows(this.options.pool, AGING, before);
  }

  /** Resolves when everything that was put is written. */
  close(): Promise<void> {
    return this.writer.close(CLOSE_TIMEOUT_MS);
  }

  private async write(events: readonly ClientEvent[]): Promise<void> {
    const { pool, eventsPerClient, trimChance = TRIM_CHANCE } = this.options;
    const busy = events.filter(() => Math.random() < trimChance).map(({ clientId }) => clientId);
    const text = (read: (event: ClientEvent) => string | null) => textArray(events.map(read));
    await pool.query(WRITE, [
      text(({ clientId }) => clientId),
      bigintArray(events.map(({ at }) => at)),
      text(({ kind }) => kind),
      text(({ username }) => username),
      text(({ address }) => address),
      text(({ protocol }) => protocol),
      text(({ reason }) => reason),
      bigintArray(events.map(({ connectedForMs }) => connectedForMs)),
      textArray(busy),
      eventsPerClient,
      text(({ operator }) => operator),
    ]);
  }
}
