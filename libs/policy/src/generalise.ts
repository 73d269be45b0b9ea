import { covers, shorten, spellOut } from './levels.js';

/** A filter, and what was used of it. */
export interface UsedFilter {
  readonly filter: string;
  /** The topics, or the filters, as they were used. */
  readonly topics: readonly string[];
  readonly lastMs: number;
}

/** So many topics that differ in one level only are a family, of which there will be more. */
const FAMILY = 3;

/** Families become one filter with one `+`, where that is allowed; what others cover goes. In alphabetical order. */
export function generalised(used: readonly UsedFilter[], isAllowed: (filter: string) => boolean): UsedFilter[] {
  const families = familiesOf(used).filter(({ filter, topics }) => topics.length >= FAMILY && isAllowed(filter));
  const all = [...families, ...used];
  const kept = all.filter(
    ({ filter }) => !all.some((other) => other.filter !== filter && covers(spellOut(other.filter), spellOut(filter))),
  );
  return kept.map((each) => gathered(each, used)).sort((a, b) => (a.filter < b.filter ? -1 : 1));
}

/** Each filter with `+` in place of one level, and the filters that it would stand for. */
function familiesOf(used: readonly UsedFilter[]): UsedFilter[] {
  const families = new Map<string, UsedFilter[]>();
  for (const each of used) {
    const levels = each.filter.split('/');
    for (const [depth, level] of levels.entries()) {
      // What names the client is no member of a family; and a leading `+` would not reach the $-topic that was used.
      if (/^(%[cu]|[+#]|)$/.test(level) || (depth === 0 && level.startsWith('$'))) continue;
      const family = shorten(levels.with(depth, '+').join('/'));
      if (family === '#') continue;
      families.set(family, [...(families.get(family) ?? []), each]);
    }
  }
  return [...families].map(([filter, members]) => ({ filter, topics: members.map((each) => each.filter), lastMs: 0 }));
}

/** The filter with everything that was used under it. */
function gathered({ filter }: UsedFilter, used: readonly UsedFilter[]): UsedFilter {
  const members = used.filter((each) => covers(spellOut(filter), spellOut(each.filter)));
  const topics = [...new Set(members.flatMap((each) => each.topics))].sort();
  return { filter, topics, lastMs: Math.max(...members.map(({ lastMs }) => lastMs)) };
}
