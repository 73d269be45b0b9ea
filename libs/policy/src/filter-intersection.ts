import { intersection, shorten, spellOut } from './levels.js';

/** The filter that matches exactly what both match, or null when no topic is matched by both. Both well-formed. */
export function filterIntersection(a: string, b: string): string | null {
  const both = intersection(spellOut(a), spellOut(b));
  return both === null ? null : shorten(both);
}
