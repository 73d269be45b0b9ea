import { covers, overlap, spellOut } from './levels.js';

const MAX_BYTES = 65_535;
const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;

/** Whether a client may publish to this name: MQTT 4.7, 1 to 65,535 bytes of UTF-8, no wildcard, no NUL. */
export function isValidTopic(topic: string): boolean {
  return isMqttText(topic, noWildcard);
}

/** Whether this is a well-formed MQTT topic filter: `+` alone in its level, `#` alone in the last one. */
export function isValidFilter(filter: string): boolean {
  return isMqttText(filter, wildcardFits);
}

/** Whether the filter matches the topic. A malformed filter or topic matches nothing. */
export function filterMatches(filter: string, topic: string): boolean {
  return covers(spellOut(filter), topic) && isValidFilter(filter) && isValidTopic(topic);
}

/** Whether every topic that `narrow` matches is matched by `wide`. A malformed filter covers nothing and is covered by nothing. */
export function filterCovers(wide: string, narrow: string): boolean {
  return covers(spellOut(wide), spellOut(narrow)) && isValidFilter(wide) && isValidFilter(narrow);
}

/** Whether some topic is matched by both filters. A malformed filter overlaps nothing. */
export function filtersOverlap(a: string, b: string): boolean {
  return overlap(spellOut(a), spellOut(b)) && isValidFilter(a) && isValidFilter(b);
}

/** What a SUBSCRIBE asked for: `$share/group/filter` taken apart, any other filter with a null group; null when malformed. */
export interface SubscriptionFilter {
  readonly group: string | null;
  readonly filter: string;
}

/** What a SUBSCRIBE with this filter is about: F for `$share/group/F`; null when it is malformed. Leaves no garbage. */
export function subscribedFilter(filter: string): string | null {
  if (filter.startsWith('$share')) return splitSharedFilter(filter)?.filter ?? null;
  return isValidFilter(filter) ? filter : null;
}

/** Takes a shared subscription apart, or null when it is not a filter that a client may subscribe to. */
export function splitSharedFilter(filter: string): SubscriptionFilter | null {
  if (!isValidFilter(filter)) return null;
  if (filter !== '$share' && !filter.startsWith('$share/')) return { group: null, filter };
  const start = '$share/'.length;
  const end = filter.indexOf('/', start);
  if (end === -1) return null; // [MQTT5-4.8.2-2] the share name is followed by a filter
  const group = filter.slice(start, end);
  const inner = filter.slice(end + 1);
  if (group === '' || group.includes('+') || group.includes('#')) return null; // [MQTT5-4.8.2-1] [MQTT5-4.8.2-2]
  return isValidFilter(inner) ? { group, filter: inner } : null;
}

/**
 * Whether this is a UTF-8 string as MQTT allows it [MQTT-1.5.3-1] [MQTT5-1.5.4-1], and not empty [MQTT-4.7.3-1], with
 * `+` and `#` where they may be. One pass and no garbage: asked for every topic that is published to.
 */
function isMqttText(text: string, mayStand: (text: string, at: number) => boolean): boolean {
  if (text.length === 0 || text.length > MAX_BYTES) return false;
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      if (unit === 0 || ((unit === PLUS || unit === HASH) && !mayStand(text, at))) return false;
    } else if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
    else {
      const next = text.charCodeAt(at + 1);
      const isPair = unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff;
      if (!isPair) return false;
      bytes += 2;
      at += 1;
    }
  }
  return bytes <= MAX_BYTES;
}

function noWildcard(): boolean {
  return false;
}

/** Alone in its level [MQTT-4.7.1-3] [MQTT5-4.7.1-2], `#` in the last one [MQTT-4.7.1-2] [MQTT5-4.7.1-1]. */
function wildcardFits(text: string, at: number): boolean {
  if (at > 0 && text.charCodeAt(at - 1) !== SLASH) return false;
  const isLast = at === text.length - 1;
  return text.charCodeAt(at) === HASH ? isLast : isLast || text.charCodeAt(at + 1) === SLASH;
}
