/** Whose version. */
export type Side = 'mine' | 'theirs';

/** What two people made of the same thing. */
export interface Sides<T> {
  readonly base: T;
  readonly mine: T;
  readonly theirs: T;
}

/** The side to take: the one that changed it, or `mine` where both did the same; null where they disagree. */
export function outcome<T>({ base, mine, theirs }: Sides<T>, isSame: (a: T, b: T) => boolean): Side | null {
  if (isSame(mine, theirs) || isSame(theirs, base)) return 'mine';
  return isSame(mine, base) ? 'theirs' : null;
}
