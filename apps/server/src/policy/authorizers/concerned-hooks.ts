import { type Action, filterCovers, filtersOverlap } from '@perch/policy';
import type { HttpAuthorizerSettings } from '../access-settings.schema.js';

interface Link {
  readonly hook: { readonly settings: Pick<HttpAuthorizerSettings, 'prefixes' | 'actions'> };
}

/**
 * The hooks that have to be asked: those with the longest prefix that all of the topic or filter is below, and every one
 * with a prefix that a wildcard in the filter could lead to. A hook without prefixes has the shortest one of all.
 */
export function concernedBy<One extends Link>(
  links: readonly One[],
  { action, topic }: { readonly action: Action; readonly topic: string },
): One[] {
  const asked = links.filter(({ hook }) => hook.settings.actions.includes(action));
  const longest = Math.max(...asked.map((link) => lengthAbove(link, topic)));
  return asked.filter((link) => {
    const length = lengthAbove(link, topic);
    return (length >= 0 && length === longest) || mayLeadTo(link, topic);
  });
}

/** The length of its longest prefix that all of the topic is at or below; -1 for none. */
function lengthAbove({ hook }: Link, topic: string): number {
  const { prefixes } = hook.settings;
  if (prefixes.length === 0) return 0;
  return Math.max(...prefixes.map((prefix) => (filterCovers(`${prefix}/#`, topic) ? prefix.length : -1)));
}

function mayLeadTo({ hook }: Link, topic: string): boolean {
  return hook.settings.prefixes.some((prefix) => {
    const below = `${prefix}/#`;
    return filtersOverlap(below, topic) && !filterCovers(below, topic);
  });
}
