import { Injectable } from '@nestjs/common';
import { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { BUCKET_MS } from '../../broker/refusals/refusal-seen.js';
import { likeLiteral } from '../../http/like.js';
import { quarterOf, type RefusalRange } from './refusal-range.js';
import type { Refusal, RefusalQuery } from './refusal.schemas.js';
import { topicPattern } from './topic-pattern.js';

const { sql } = Prisma;

/** What a page begins behind: the value that it is sorted by, and the key. */
export interface RefusalPlace {
  readonly rank: number;
  readonly key: string;
}

/** A row, and the value that it is sorted by. */
export interface RankedRefusal {
  readonly refusal: Refusal;
  readonly rank: number;
}

/** What is asked of the store. */
export interface RefusalRead extends RefusalRange {
  readonly query: Omit<RefusalQuery, 'after' | 'since' | 'until'>;
  readonly after: RefusalPlace | null;
}

interface Row {
  readonly key: string;
  readonly rank: bigint;
  readonly count: bigint;
  readonly entries: bigint;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly series: Record<string, number>;
  readonly client_id: string | null;
  readonly username: string | null;
  readonly address: string | null;
  readonly labels: string[];
  readonly protocol: string | null;
  readonly action: Refusal['action'];
  readonly topic: string | null;
  readonly refusal: string;
  readonly rule_id: string | null;
  readonly decider: Refusal['decider'];
  readonly revision: number;
  readonly shadow: boolean;
  readonly omits: Refusal['omits'];
}

/** Rows that one answer is made of: to group as many takes a tenth of a second. */
const MOST_ROWS = 50_000;

/** Reads what was refused. It is written by the broker's `PostgresRefusalStore`. */
@Injectable()
export class RefusalsStore {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Since when the refusals of the stretch can be looked at, in ms since the epoch: no more rows than `MOST_ROWS`, but
   * always those of its last quarter of an hour. Of one client, where the query names one.
   */
  async reach(query: Pick<RefusalQuery, 'clientId' | 'until'>, { since, until }: RefusalRange): Promise<number> {
    const ofClient = query.clientId === undefined ? Prisma.empty : sql`AND client_id = ${query.clientId}`;
    // Up to now the index of time tells alone, which is what whoever watches asks for again and again.
    const ended = query.until === undefined ? Prisma.empty : sql`AND bucket <= ${new Date(until)}`;
    const [beyond] = await this.prisma.$queryRaw<{ last_at: Date }[]>`
      SELECT last_at FROM refusals WHERE last_at >= ${new Date(since)} ${ended} ${ofClient}
      ORDER BY last_at DESC OFFSET ${MOST_ROWS} LIMIT 1`;
    if (!beyond) return since;
    return Math.max(since, Math.min(quarterOf(beyond.last_at.getTime()) + BUCKET_MS, quarterOf(until - 1)));
  }

  /** The next rows of a list, one more than its limit where there are more. */
  async list({ query, after, ...range }: RefusalRead): Promise<RankedRefusal[]> {
    const rank = query.sort === 'count' ? sql`sum(count)` : sql`(extract(epoch FROM max(last_at)) * 1000)`;
    const behind = after ? sql`WHERE (rank, key) < (${after.rank}::bigint, ${after.key})` : Prisma.empty;
    const steps = sql`floor((extract(epoch FROM bucket) * 1000 - ${range.since}::float8) / ${range.stepMs}::float8)::int`;
    const where = whereOf(query, range);
    const isNewest = after === null && asksForNewest(query);
    const rows = await this.prisma.$queryRaw<Row[]>`
      WITH RECURSIVE newest AS (${newestOf(where, isNewest ? query.limit + 1 : 0)}),
      found AS MATERIALIZED (
        SELECT ${groupKeys[query.group]} AS key, key_hash, bucket, count, first_at, last_at
        FROM refusals WHERE ${where} ${isNewest ? sql`AND key_hash IN (SELECT key_hash FROM newest)` : Prisma.empty}
      ),
      found_entries AS MATERIALIZED (
        SELECT key, key_hash, sum(count) AS count, min(first_at) AS first_at, max(last_at) AS last_at
        FROM found GROUP BY key, key_hash
      ),
      sums AS (
        SELECT key, ${rank}::bigint AS rank, sum(count)::bigint AS count, count(*) AS entries,
          min(first_at) AS first_at, max(last_at) AS last_at
        FROM found_entries GROUP BY key
      ),
      page AS (SELECT * FROM sums ${behind} ORDER BY rank DESC, key DESC LIMIT ${query.limit + 1}),
      latest AS (
        SELECT DISTINCT ON (key) key, key_hash, found_entries.last_at FROM found_entries JOIN page USING (key)
        ORDER BY key, found_entries.last_at DESC
      ),
      steps AS (
        SELECT key, ${steps} AS step, sum(found.count)::float8 AS count FROM found JOIN page USING (key) GROUP BY 1, 2
      ),
      series AS (SELECT key, jsonb_object_agg(step, count) AS series FROM steps GROUP BY key)
      SELECT page.*, series, shown.* FROM page JOIN series USING (key) JOIN latest USING (key)
      CROSS JOIN LATERAL (
        SELECT client_id, username, address, labels, protocol, action, topic, refusal, rule_id, decider, revision, shadow,
          omits
        FROM refusals WHERE key_hash = latest.key_hash AND last_at = latest.last_at LIMIT 1
      ) AS shown
      ORDER BY rank DESC, key DESC`;
    const length = Math.ceil((range.until - range.since) / range.stepMs);
    return rows.map((row) => ({ refusal: refusalOf(row, length), rank: Number(row.rank) }));
  }

  /** How many refusals the filters let through. */
  async total(query: RefusalRead['query'], range: RefusalRange): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ total: bigint }[]>`
      SELECT coalesce(sum(count), 0)::bigint AS total FROM refusals WHERE ${whereOf(query, range)}`;
    return Number(row?.total ?? 0);
  }

  /** The entry with this key, over all that is remembered; null when there is none. */
  async find(key: string): Promise<Refusal | null> {
    const [row] = await this.prisma.$queryRaw<Row[]>`
      SELECT ${key} AS key, 0::bigint AS rank, 1::bigint AS entries, '{}'::jsonb AS series, refusals.*,
        (sum(count) OVER ())::bigint AS count, min(first_at) OVER () AS first_at
      FROM refusals WHERE key_hash = decode(${key}, 'hex') ORDER BY last_at DESC LIMIT 1`;
    return row ? refusalOf(row, 0) : null;
  }
}

/** Whether the first page can be read off the end of the index of time, without a look at all rows: what is live asks so. */
function asksForNewest({
  sort,
  group,
  limit: _limit,
  shadow: _shadow,
  action: _action,
  kind: _kind,
  ...filters
}: RefusalRead['query']): boolean {
  return (
    sort === 'last' && group === 'entry' && Object.values(filters).every((value) => value === undefined || value === '')
  );
}

/** The entries of the newest rows: each next one is the newest row of an entry that was not met before. */
function newestOf(where: Prisma.Sql, limit: number): Prisma.Sql {
  const next = sql`ORDER BY last_at DESC, key_hash DESC LIMIT 1`;
  return sql`
    (SELECT key_hash, last_at, ARRAY[key_hash] AS met FROM refusals WHERE ${where} AND ${limit} > 0 ${next})
    UNION ALL
    SELECT further.* FROM newest CROSS JOIN LATERAL (
      SELECT key_hash, last_at, newest.met || key_hash FROM refusals
      WHERE ${where} AND last_at <= newest.last_at AND key_hash <> ALL (newest.met) ${next}
    ) AS further
    WHERE cardinality(newest.met) < ${limit}`;
}

/** What the rows of one group have in common; null is something else than an empty text. */
const groupKeys: Record<RefusalQuery['group'], Prisma.Sql> = {
  entry: sql`encode(key_hash, 'hex')`,
  client: sql`md5(coalesce('+' || client_id, '-'))`,
  action: sql`action`,
  topic: sql`md5(coalesce('+' || topic, '-'))`,
  rule: sql`md5(coalesce(decider || rule_id, '-' || refusal))`,
};

function whereOf(query: RefusalRead['query'], { since, until }: RefusalRange): Prisma.Sql {
  const { q, clientId, username, address, action, kind, topic, rule, refusal, shadow } = query;
  const conditions = [
    sql`shadow = ${shadow}`,
    sql`last_at >= ${new Date(since)}`,
    sql`bucket <= ${new Date(until)}`,
    clientId !== undefined && sql`client_id = ${clientId}`,
    username !== undefined && sql`username = ${username}`,
    address !== undefined && sql`address = ${address}`,
    action !== undefined && sql`action = ${action}`,
    kind !== undefined && (kind === 'connect' ? sql`action = 'connect'` : sql`action <> 'connect'`),
    topic !== undefined && sql`(topic = ${topic} OR topic ~ ${topicPattern(topic)})`,
    rule !== undefined && (rule === '-' ? sql`decider = 'default'` : sql`rule_id = ${rule}`),
    refusal !== undefined && sql`refusal = ${refusal}`,
    q !== undefined && q !== '' && containing(`%${likeLiteral(q)}%`),
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== false),
    ' AND ',
  );
}

function containing(pattern: string): Prisma.Sql {
  return sql`(client_id ILIKE ${pattern} OR username ILIKE ${pattern} OR address ILIKE ${pattern} OR topic ILIKE ${pattern})`;
}

function refusalOf(row: Row, length: number): Refusal {
  return {
    key: row.key,
    clientId: row.client_id,
    username: row.username,
    address: row.address,
    labels: row.labels,
    protocol: row.protocol,
    action: row.action,
    topic: row.topic,
    refusal: row.refusal,
    ruleId: row.rule_id,
    decider: row.decider,
    revision: row.revision,
    shadow: row.shadow,
    omits: row.omits,
    count: Number(row.count),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    entries: Number(row.entries),
    series: Array.from({ length }, (_, step) => row.series[step] ?? 0),
  };
}
