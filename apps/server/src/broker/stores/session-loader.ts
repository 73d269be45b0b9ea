import type { RestoredSession } from '@perch/broker';
import type pg from 'pg';
import {
  type CountRow,
  type PacketIdRow,
  type SessionRow,
  type SubscriptionRow,
  toSession,
  toSubscription,
} from './session-rows.js';
import * as sql from './session-sql.js';

const PAGE_SESSIONS = 5_000;
const LAST_ID = '9223372036854775807';
const NOTHING_OWED = { count: 0, bytes: 0, lastSeq: 0 };

/** Who is told while sessions are loaded. */
export interface LoadHandlers {
  readonly take: (session: RestoredSession) => void;
  /** There are rows of a session that there is not. */
  readonly orphan: (sessionId: number) => void;
}

/** Reads all sessions in pages; their deliveries are counted by Postgres. */
export async function loadSessions(pool: pg.Pool, { take, orphan }: LoadHandlers): Promise<void> {
  let after = '0';
  let isLast = false;
  while (!isLast) {
    const { rows } = await pool.query<SessionRow>(sql.READ_SESSIONS, [after, PAGE_SESSIONS]);
    isLast = rows.length < PAGE_SESSIONS;
    const through = isLast ? LAST_ID : (rows.at(-1)?.id ?? LAST_ID);
    const page = new Map(rows.map((row) => [row.id, newSession(row)]));
    await fillPage(pool, { page, range: [after, through], orphan });
    for (const session of page.values()) take(session);
    after = through;
  }
}

interface FilledSession extends RestoredSession {
  readonly subscriptions: RestoredSession['subscriptions'][number][];
  readonly packetIds: number[];
  deliveries: RestoredSession['deliveries'];
}

function newSession(row: SessionRow): FilledSession {
  return { session: toSession(row), subscriptions: [], packetIds: [], deliveries: NOTHING_OWED };
}

interface Page {
  readonly page: ReadonlyMap<string, FilledSession>;
  readonly range: readonly [after: string, through: string];
  readonly orphan: LoadHandlers['orphan'];
}

async function fillPage(pool: pg.Pool, { page, range, orphan }: Page): Promise<void> {
  const [subscriptions, packetIds, counts] = await Promise.all([
    pool.query<SubscriptionRow>(sql.READ_SUBSCRIPTIONS, [...range]),
    pool.query<PacketIdRow>(sql.READ_PACKET_IDS, [...range]),
    pool.query<CountRow>(sql.COUNT_DELIVERIES, [...range]),
  ]);
  const forOwner = <Row extends { session_id: string }>(
    rows: readonly Row[],
    fill: (to: FilledSession, row: Row) => void,
  ) => {
    for (const row of rows) {
      const owner = page.get(row.session_id);
      if (owner) fill(owner, row);
      else orphan(Number(row.session_id));
    }
  };
  forOwner(subscriptions.rows, (owner, row) => owner.subscriptions.push(toSubscription(row)));
  forOwner(packetIds.rows, (owner, row) => owner.packetIds.push(row.packet_id));
  forOwner(counts.rows, (owner, { count, bytes, last_seq: lastSeq }) => {
    owner.deliveries = { count, bytes, lastSeq: Number(lastSeq) };
  });
}
