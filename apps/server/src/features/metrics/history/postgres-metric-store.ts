import type pg from 'pg';
import type { StepValues } from './step-values.js';

/** What is read of the history. */
export interface HistoryQuestion {
  readonly keys: readonly string[];
  /** In ms since the epoch: from this on, and before that. */
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
  /** Whether the greatest value of a series stands for a step. */
  readonly isMax: (key: string) => boolean;
  /** Ten-second steps are there from this moment on, minutes before it. */
  readonly fineFrom: number;
}

/** By series: what is known of each step, by its start in ms since the epoch. */
export type HistoryAnswer = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** As long as ten-second steps and minutes are kept. */
export const FINE_STEP_SECONDS = 10;
export const COARSE_STEP_SECONDS = 60;
export const FINE_KEPT_MS = 6 * 3_600_000;
export const COARSE_KEPT_MS = 7 * 24 * 3_600_000;

const REGISTER = `
  INSERT INTO metric_series (key) SELECT key FROM unnest($1::text[]) AS key ON CONFLICT (key) DO NOTHING`;

const WRITE = `
  INSERT INTO metric_steps (step_seconds, at, values)
  SELECT step_seconds, to_timestamp(at_ms / 1000), values::float8[]
  FROM unnest($1::int[], $2::float8[], $3::text[]) AS row (step_seconds, at_ms, values)
  ON CONFLICT (step_seconds, at) DO UPDATE SET values = EXCLUDED.values`;

const PURGE = `
  DELETE FROM metric_steps WHERE (step_seconds = ${FINE_STEP_SECONDS} AND at < $1)
    OR (step_seconds = ${COARSE_STEP_SECONDS} AND at < $2)`;

/** Keeps steps of the history: one row a step, with an array that has a place for each series that was ever kept. */
export class PostgresMetricStore {
  /** The place of each series in the arrays, counted from 1. */
  private readonly places = new Map<string, number>();
  private hasLoaded = false;

  constructor(private readonly pool: pg.Pool) {}

  /** Writes all of them or none; one that is there already is replaced. */
  async add(steps: readonly StepValues[]): Promise<void> {
    await this.findPlaces(new Set(steps.flatMap(({ values }) => [...values.keys()])));
    await this.pool.query(WRITE, [
      steps.map(({ stepSeconds }) => stepSeconds),
      steps.map(({ at }) => at),
      steps.map(({ values }) => this.arrayOf(values)),
    ]);
  }

  /** What is known of these series; steps of which nothing is known are left out. */
  async read({ keys, from, to, stepSeconds, isMax, fineFrom }: HistoryQuestion): Promise<HistoryAnswer> {
    await this.findPlaces(new Set());
    const known = keys.filter((key) => this.places.has(key));
    if (known.length === 0) return new Map();
    // Places are numbers of our own; everything else is a parameter.
    const columns = known.map((key) => `${isMax(key) ? 'max' : 'avg'}(values[${this.places.get(key)}])`);
    const { rows } = await this.pool.query<(number | null)[]>({
      rowMode: 'array',
      text: `
        SELECT (floor(extract(epoch FROM at) / $1) * $1 * 1000)::float8 AS start, ${columns.join(', ')}
        FROM metric_steps
        WHERE (step_seconds = ${COARSE_STEP_SECONDS} AND at >= $2 AND at < least($3, $4::timestamptz))
          OR (step_seconds = ${FINE_STEP_SECONDS} AND at >= greatest($2, $4) AND at < $3)
        GROUP BY 1`,
      values: [stepSeconds, new Date(from), new Date(to), new Date(fineFrom)],
    });
    return new Map(known.map((key, index) => [key, columnOf(rows, index + 1)]));
  }

  /** The series that were ever kept. */
  async keys(): Promise<Iterable<string>> {
    await this.findPlaces(new Set());
    return this.places.keys();
  }

  /** Removes what is older than it is kept. */
  async purge(now: number): Promise<void> {
    await this.pool.query(PURGE, [new Date(now - FINE_KEPT_MS), new Date(now - COARSE_KEPT_MS)]);
  }

  private async findPlaces(keys: ReadonlySet<string>): Promise<void> {
    const unknown = [...keys].filter((key) => !this.places.has(key));
    if (this.hasLoaded && unknown.length === 0) return;
    if (unknown.length > 0) await this.pool.query(REGISTER, [unknown]);
    const { rows } = await this.pool.query<{ place: number; key: string }>('SELECT place, key FROM metric_series');
    for (const { place, key } of rows) this.places.set(key, place);
    this.hasLoaded = true;
  }

  /** As Postgres writes an array. */
  private arrayOf(values: ReadonlyMap<string, number>): string {
    const places: (number | null)[] = [];
    for (const [key, value] of values) {
      const place = this.places.get(key);
      if (place !== undefined) places[place - 1] = value;
    }
    return `{${Array.from(places, (value) => value ?? 'NULL').join(',')}}`;
  }
}

function columnOf(rows: readonly (readonly (number | null)[])[], index: number): Map<number, number> {
  const column = new Map<number, number>();
  for (const row of rows) {
    const [start = null, value = null] = [row[0], row[index]];
    if (start !== null && value !== null) column.set(start, value);
  }
  return column;
}
