import type { Prisma } from '../../database/generated/client.js';
import { likeLiteral } from '../../http/like.js';
import type { UserFilter } from './user.schemas.js';

/** The users that a filter means, at this moment. */
export function whereOf({ q, state, label, endsBefore }: UserFilter, now = new Date()): Prisma.UserWhereInput {
  const contains = { contains: likeLiteral(q ?? ''), mode: 'insensitive' } as const;
  return {
    AND: [
      q ? { OR: [{ username: contains }, { note: contains }] } : {},
      label === undefined ? {} : { labels: { has: label } },
      whereState(state, now),
      endsBefore === undefined ? {} : { validUntil: { gt: now, lte: new Date(endsBefore) } },
    ],
  };
}

function whereState(state: UserFilter['state'], now: Date): Prisma.UserWhereInput {
  if (state === undefined) return {};
  if (state === 'disabled') return { disabled: true };
  const isExpired = { validUntil: { lte: now } };
  return state === 'expired'
    ? { disabled: false, ...isExpired }
    : { disabled: false, OR: [{ validUntil: null }, { validUntil: { gt: now } }] };
}
