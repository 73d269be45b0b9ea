const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;
const DOLLAR = 0x24;

/** Where the level that begins there ends: at the next slash, or with the text. */
export function levelEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text.charCodeAt(at) === SLASH) return at;
  return text.length;
}

/** True when the filter holds a wildcard. */
export function isWildcard(filter: string): boolean {
  for (let at = 0; at < filter.length; at++) {
    const code = filter.charCodeAt(at);
    if (code === PLUS || code === HASH) return true;
  }
  return false;
}

/** True when the level of a filter that begins there is `+`. */
export function isPlus(filter: string, from: number): boolean {
  return filter.charCodeAt(from) === PLUS;
}

/** True when the level of a filter that begins there is `#`. */
export function isHash(filter: string, from: number): boolean {
  return filter.charCodeAt(from) === HASH;
}

/** True for the topics that a leading wildcard does not reach. */
export function isSystemTopic(topic: string): boolean {
  return topic.charCodeAt(0) === DOLLAR;
}

/** [MQTT-4.7.2-1] True when a wildcard in the level that begins there reaches the topic: a leading one no $-topic. */
export function wildcardReaches(topic: string, from: number): boolean {
  return from > 0 || !isSystemTopic(topic);
}
