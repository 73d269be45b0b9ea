import { isValidFilter } from './filter.js';
import { covers, intersection, spellOut } from './levels.js';

/** A topic that both filters match; null when there is none, or when one of them is malformed. */
export function exampleTopic(a: string, b: string): string | null {
  if (!isValidFilter(a) || !isValidFilter(b)) return null;
  const both = intersection(spellOut(a), spellOut(b));
  return both === null ? null : topicOutside(both, []);
}

/**
 * A topic that the filter matches and none of `denied` does; null when they leave none. All spelled out.
 *
 * A level where any name may stand is given one that none of them names: what still matches does so by a wildcard, and
 * would match any other name as well. So one topic of each depth tells of all of that depth.
 */
export function topicOutside(filter: string, denied: readonly string[]): string | null {
  const name = freshLevel(denied);
  for (const levels of shapesOf(filter.split('/'), denied)) {
    const topic = levels.map((level) => (level === '+' ? name : level)).join('/');
    if (!denied.some((each) => covers(each, topic))) return topic;
  }
  return null;
}

/** The filter without `#`, in each depth that makes a difference, the most telling first. */
function shapesOf(levels: readonly string[], denied: readonly string[]): string[][] {
  if (levels.at(-1) !== '#') return [[...levels]];
  const base = levels.slice(0, -1);
  const deepest = denied.reduce((depth, each) => Math.max(depth, each.split('/').length), base.length);
  const deeper = Array.from({ length: deepest + 1 - base.length }, (_, more) => [
    ...base,
    ...new Array<string>(more + 1).fill('+'),
  ]);
  const [below = base, ...rest] = deeper;
  return base.at(-1) === '+' ? [base, below, ...rest] : [below, base, ...rest];
}

/** A name for a level that stands in none of the filters. */
export function freshLevel(filters: readonly string[]): string {
  const taken = new Set(filters.flatMap((filter) => filter.split('/')));
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? 'x' : `x${n}`;
    if (!taken.has(name)) return name;
  }
}
