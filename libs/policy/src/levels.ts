/** A topic or a filter cut at its slashes. */
export type Levels = readonly string[];

/**
 * The levels of a filter in the one spelling that the comparisons below rely on. The empty topic does not exist, so `#`
 * says the same as `+/#` and `/#` the same as `/+/#`: the longer spelling makes a comparison level by level exact.
 */
export function filterLevels(filter: string): Levels {
  if (filter === '#') return ['+', '#'];
  if (filter === '/#') return ['', '+', '#'];
  return filter.split('/');
}

/** The filter that these levels spell, in its shorter spelling. */
export function filterText(levels: Levels): string {
  const text = levels.join('/');
  if (text === '+/#') return '#';
  return text === '/+/#' ? '/#' : text;
}

/** The levels of a topic. */
export function topicLevels(topic: string): Levels {
  return topic.split('/');
}

/** Whether these levels begin with `$`, where a leading wildcard never reaches. */
export function isDollar(levels: Levels): boolean {
  return levels[0]?.charCodeAt(0) === 0x24;
}

/** Whether these levels hold a wildcard, so that they stand for more than one topic. */
export function isWild(levels: Levels): boolean {
  return levels.includes('+') || levels[levels.length - 1] === '#';
}

/** Whether `wide` matches every topic that `narrow` matches. With the levels of a topic for `narrow`: whether it matches that. */
export function levelsCover(wide: Levels, narrow: Levels): boolean {
  if (reachesNot(wide, narrow)) return false;
  for (let depth = 0; depth < wide.length; depth += 1) {
    const level = wide[depth];
    if (level === '#') return true;
    if (depth >= narrow.length) return false;
    const other = narrow[depth];
    if (other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  return wide.length === narrow.length;
}

/** Whether some topic is matched by both. */
export function levelsOverlap(a: Levels, b: Levels): boolean {
  if (reachesNot(a, b) || reachesNot(b, a)) return false;
  const shared = Math.min(a.length, b.length);
  for (let depth = 0; depth < shared; depth += 1) {
    const left = a[depth];
    const right = b[depth];
    if (left === '#' || right === '#') return true;
    if (left !== right && left !== '+' && right !== '+') return false;
  }
  return a.length === b.length || a[shared] === '#' || b[shared] === '#';
}

/** [MQTT-4.7.2-1] a leading wildcard never reaches $-topics. */
function reachesNot(wide: Levels, narrow: Levels): boolean {
  return (wide[0] === '+' || wide[0] === '#') && isDollar(narrow);
}
