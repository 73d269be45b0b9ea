import { overlap, shorten, spellOut } from './levels.js';

/** The filter that matches exactly what both match, or null when no topic is matched by both. Both well-formed. */
export function filterIntersection(a: string, b: string): string | null {
  const [left, right] = [spellOut(a), spellOut(b)];
  if (!overlap(left, right)) return null;
  const [wide, narrow] = [left.split('/'), right.split('/')];
  const levels: string[] = [];
  for (let depth = 0; ; depth += 1) {
    const [one, other] = [wide[depth], narrow[depth]];
    // They overlap: a side that ends here meets `#` on the other, which matches the parent level, too.
    if (one === undefined || other === undefined) return shorten(levels.join('/'));
    if (one === '#') return shorten([...levels, ...narrow.slice(depth)].join('/'));
    if (other === '#') return shorten([...levels, ...wide.slice(depth)].join('/'));
    levels.push(one === '+' ? other : one);
  }
}
