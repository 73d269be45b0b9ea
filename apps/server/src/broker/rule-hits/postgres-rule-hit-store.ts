import type pg from 'pg';
import { bigintArray, textArray } from '../stores/pg-array.js';

/** What rules did in one hour, to be added to what is known of it. */
export interface HourlyHits {
  readonly ruleId: string;
  /** The start of the hour and the last hit, in ms since the epoch. */
  readonly hour: number;
  readonly lastAt: number;
  readonly hits: number;
}

/** How often a rule decided, and when it did so last. */
export interface RuleUse {
  readonly day: number;
  readonly week: number;
  readonly lastAt: Date;
}

const WRITE = `
  INSERT INTO rule_hits (rule_id, hour, hits, last_at)
  SELECT rule_id, to_timestamp(hour::float8 / 1000), hits, to_timestamp(last_ms::float8 / 1000)
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS row (rule_id, hour, hits, last_ms)
  ON CONFLICT (rule_id, hour) DO UPDATE SET
    hits = rule_hits.hits + EXCLUDED.hits, last_at = greatest(rule_hits.last_at, EXCLUDED.last_at)`;

const READ = `
  SELECT rule_id, max(last_at) AS last_at, coalesce(sum(hits) FILTER (WHERE hour > $1), 0)::float8 AS day,
    coalesce(sum(hits) FILTER (WHERE hour > $2), 0)::float8 AS week
  FROM rule_hits GROUP BY rule_id`;

const HOUR_MS = 3_600_000;

/** Keeps how often each rule decides, by the hour. */
export class PostgresRuleHitStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Adds all of it or none. */
  async add(hits: readonly HourlyHits[]): Promise<void> {
    await this.pool.query(WRITE, [
      textArray(hits.map(({ ruleId }) => ruleId)),
      bigintArray(hits.map(({ hour }) => hour)),
      bigintArray(hits.map((each) => each.hits)),
      bigintArray(hits.map(({ lastAt }) => lastAt)),
    ]);
  }

  /** What is known of each rule that decided something: of the last 24 hours and 7 days, to the hour. */
  async read(now: number): Promise<Map<string, RuleUse>> {
    const { rows } = await this.pool.query<{ rule_id: string; last_at: Date; day: number; week: number }>(READ, [
      new Date(now - 24 * HOUR_MS),
      new Date(now - 7 * 24 * HOUR_MS),
    ]);
    return new Map(rows.map(({ rule_id, last_at, day, week }) => [rule_id, { day, week, lastAt: last_at }]));
  }

  /** The first hour of which anything is known; null when nothing is. */
  async since(): Promise<Date | null> {
    const { rows } = await this.pool.query<{ since: Date | null }>('SELECT min(hour) AS since FROM rule_hits');
    return rows[0]?.since ?? null;
  }

  /** Removes what is older than this moment. There are as few rows as rules and hours. */
  async purge(before: number): Promise<void> {
    await this.pool.query('DELETE FROM rule_hits WHERE hour < $1', [new Date(before)]);
  }
}
