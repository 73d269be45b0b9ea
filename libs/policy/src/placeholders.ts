import { isValidFilter } from './filter.js';
import type { ClientIdentity } from './rule.js';

/** What `%c` and `%u` stand for with one client; null where its value cannot be one literal level. */
export interface PlaceholderValues {
  readonly clientId: string | null;
  readonly username: string | null;
}

/** The values that this client brings for the placeholders. */
export function placeholderValues(identity: ClientIdentity): PlaceholderValues {
  return { clientId: literalLevel(identity.clientId), username: literalLevel(identity.username) };
}

/** The filter with `%c` and `%u` filled in, or null when this client has no value that can stand there. */
export function substitutePlaceholders(filter: string, identity: ClientIdentity): string | null {
  return fillIn(filter, placeholderValues(identity));
}

/** Whether a level of the filter is `%c` or `%u`. */
export function hasPlaceholder(filter: string): boolean {
  return /(^|\/)%[cu](\/|$)/.test(filter);
}

/** The filter with any value where a placeholder stands. */
export function asWildcards(filter: string): string {
  if (!hasPlaceholder(filter)) return filter;
  return filter
    .split('/')
    .map((level) => (level === '%c' || level === '%u' ? '+' : level))
    .join('/');
}

/** The filter with these values filled in, or null when one is missing. */
export function fillIn(filter: string, values: PlaceholderValues): string | null {
  if (!hasPlaceholder(filter)) return filter;
  const filled: string[] = [];
  for (const [depth, level] of filter.split('/').entries()) {
    const value = placeholderValue(level, values);
    if (value === null || (depth === 0 && value !== level && !mayLead(value))) return null;
    filled.push(value);
  }
  return filled.join('/');
}

/**
 * Whether a client's own value may stand in the first level. Like a leading wildcard, a placeholder never reaches a
 * $-topic: otherwise a client that calls itself `$SYS` would read the broker's topics through `%c/#`.
 */
export function mayLead(value: string): boolean {
  return !value.startsWith('$');
}

function placeholderValue(level: string, values: PlaceholderValues): string | null {
  if (level === '%c') return values.clientId;
  if (level === '%u') return values.username;
  return level;
}

/** A value that is not one plain level could widen the filter it is put into: `#` as a client id, for one. */
function literalLevel(value: string | null): string | null {
  if (value === null || value.includes('/') || value.includes('+') || value.includes('#')) return null;
  return isValidFilter(value) ? value : null;
}
