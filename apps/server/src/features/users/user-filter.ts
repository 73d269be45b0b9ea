import { Prisma } from '../../database/generated/client.js';
import { likeLiteral } from '../../http/like.js';
import type { UserFilter } from './user.schemas.js';

const { sql } = Prisma;

/** The users that a filter means, at this moment, as a condition on the table of users. */
export function conditionOf({ q, state, label, endsBefore }: UserFilter, now = new Date()): Prisma.Sql {
  const pattern = `%${likeLiteral(q ?? '')}%`;
  const conditions = [
    q ? sql`(username ILIKE ${pattern} OR note ILIKE ${pattern})` : null,
    label === undefined ? null : sql`${label} = ANY (labels)`,
    state === undefined ? null : states[state](now),
    endsBefore === undefined ? null : sql`valid_until > ${now} AND valid_until <= ${new Date(endsBefore)}`,
  ];
  return Prisma.join([sql`TRUE`, ...conditions.filter((condition) => condition !== null)], ' AND ');
}

/** As `shownState` tells them. */
const states: Record<NonNullable<UserFilter['state']>, (now: Date) => Prisma.Sql> = {
  disabled: () => sql`disabled`,
  expired: (now) => sql`NOT disabled AND valid_until <= ${now}`,
  locked: (now) => sql`${isCurrent(now)} AND ${isBanned(now)}`,
  active: (now) => sql`${isCurrent(now)} AND NOT ${isBanned(now)}`,
};

function isCurrent(now: Date): Prisma.Sql {
  return sql`NOT disabled AND (valid_until IS NULL OR valid_until > ${now})`;
}

function isBanned(now: Date): Prisma.Sql {
  return sql`username IN (
    SELECT value FROM bans WHERE kind = 'username' AND lifted_at IS NULL AND (until IS NULL OR until > ${now}))`;
}
