import { Injectable } from '@nestjs/common';
import { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { TimelineEvent } from './timeline.schemas.js';

const { sql } = Prisma;

/** What a page begins behind. */
export interface TimelinePlace {
  /** In ms since the epoch. */
  readonly at: number;
  readonly key: string;
}

interface Row {
  readonly key: string;
  readonly at: Date;
  readonly kind: TimelineEvent['kind'];
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string | null;
  readonly reason: string | null;
  readonly connected_for_ms: bigint | null;
  readonly operator: string | null;
  readonly count: bigint;
  readonly first_at: Date;
}

/** Reads what happened to a client, and what it was refused at the door. The broker's stores write both. */
@Injectable()
export class TimelineStore {
  constructor(private readonly prisma: PrismaService) {}

  /** The last events behind a place. */
  async read(clientId: string, after: TimelinePlace | null, limit: number): Promise<TimelineEvent[]> {
    const behind = after
      ? sql`WHERE at <= ${new Date(after.at)} AND (at, key COLLATE "C") < (${new Date(after.at)}, ${after.key})`
      : Prisma.empty;
    const rows = await this.prisma.$queryRaw<Row[]>`
      SELECT * FROM (
        SELECT 'e' || lpad(id::text, 19, '0') AS key, at, kind, username, address, protocol, reason, connected_for_ms,
          operator, 1::bigint AS count, at AS first_at
        FROM client_events WHERE client_id_hash = sha256(convert_to(${clientId}, 'UTF8'))
        UNION ALL
        SELECT 'r' || encode(key_hash, 'hex') || replace(run::text, '-', '') || extract(epoch FROM bucket)::bigint, last_at,
          'refused', username, address, protocol, refusal, NULL, NULL, count, first_at
        FROM refusals WHERE client_id = ${clientId} AND action = 'connect' AND NOT shadow
      ) AS event ${behind} ORDER BY at DESC, key COLLATE "C" DESC LIMIT ${limit}`;
    return rows.map(eventOf);
  }
}

function eventOf({ connected_for_ms: connectedForMs, first_at: firstAt, at, count, ...row }: Row): TimelineEvent {
  return {
    ...row,
    at: at.toISOString(),
    count: Number(count),
    firstAt: firstAt.toISOString(),
    connectedForMs: connectedForMs === null ? null : Number(connectedForMs),
  };
}
