import { z } from 'zod';
import { ApiError } from './api-error.js';

/** The query of a list that pages by key. */
export function pageQuery(max: number, usual: number) {
  return {
    limit: z.coerce.number().int().min(1).max(max).default(usual),
    after: z.string().max(100_000).optional().describe('The `next` of the page before. Opaque.'),
  };
}

/** The `next` of a page: where to go on, or null at the end. */
export const nextCursor = z.string().nullable().describe('Ask with `after` = this for the next page; null at the end.');

/** Makes the opaque cursor that continues behind this key. */
export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** The key in a cursor, or null when none was given. 400 when it is not one of ours. */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || encodeCursor(key) !== cursor) {
    throw new ApiError('bad-request', 'The page cursor is not valid.', {
      errors: [{ path: 'after', message: 'is not a cursor of this list' }],
    });
  }
  return key;
}

/** Cuts one page off rows that were read with a limit one above the page's. */
export function cutPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
