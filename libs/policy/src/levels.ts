const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;
const DOLLAR = 0x24;

/**
 * The filter in the one spelling that the comparisons below rely on. The empty topic does not exist, so `#` says the
 * same as `+/#` and `/#` the same as `/+/#`: the longer spelling makes a comparison level by level exact. A topic is
 * spelled out as it stands.
 */
export function spellOut(filter: string): string {
  if (filter === '#') return '+/#';
  return filter === '/#' ? '/+/#' : filter;
}

/** The filter in its shorter spelling. */
export function shorten(filter: string): string {
  if (filter === '+/#') return '#';
  return filter === '/+/#' ? '/#' : filter;
}

/** Where the level that begins there ends: at the next slash, or with the text. */
export function levelEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text.charCodeAt(at) === SLASH) return at;
  return text.length;
}

/** Whether it begins with `$`, where a leading wildcard never reaches. */
export function isDollar(text: string): boolean {
  return text.charCodeAt(0) === DOLLAR;
}

/** Whether it holds a wildcard, so that it stands for more than one topic. */
export function isWild(filter: string): boolean {
  for (let at = 0; at < filter.length; at += 1) if (isPlusAt(filter, at) || isHashAt(filter, at)) return true;
  return false;
}

/** Whether the level that begins there is `+`. */
export function isPlusAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === PLUS;
}

/** Whether the level that begins there is `#`. */
export function isHashAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === HASH;
}

/**
 * Whether `wide` matches every topic that `narrow` matches; with a topic for `narrow`: whether it matches that. Both
 * well-formed and spelled out.
 */
export function covers(wide: string, narrow: string): boolean {
  if (reachesNot(wide, narrow)) return false;
  let there = 0;
  for (let at = 0; at < wide.length; at += 1) {
    const code = wide.charCodeAt(at);
    if (code === HASH) return true;
    if (code === PLUS) {
      if (isHashAt(narrow, there)) return false;
      there = levelEnd(narrow, there);
    } else if (code === narrow.charCodeAt(there)) {
      there += 1;
    } else {
      return there === narrow.length && endsAt(wide, at);
    }
  }
  return there === narrow.length;
}

/** Whether some topic is matched by both, well-formed and spelled out. */
export function overlap(a: string, b: string): boolean {
  if (reachesNot(a, b) || reachesNot(b, a)) return false;
  let left = 0;
  let right = 0;
  for (;;) {
    const code = a.charCodeAt(left);
    const other = b.charCodeAt(right);
    if (code === HASH || other === HASH) return true;
    if (code === PLUS || other === PLUS) {
      left = levelEnd(a, left);
      right = levelEnd(b, right);
    } else if (code === other) {
      left += 1;
      right += 1;
    } else {
      return endsAt(a, left) && endsAt(b, right);
    }
  }
}

/** The filter of all topics that both match, spelled out as they are; null when there is none. */
export function intersection(a: string, b: string): string | null {
  return overlap(a, b) ? meet(a.split('/'), b.split('/')).join('/') : null;
}

/** The narrower of the two, level by level. They are known to overlap; what is no wildcard stands for itself. */
export function meet(a: readonly string[], b: readonly string[]): string[] {
  const met: string[] = [];
  for (let depth = 0; ; depth += 1) {
    const [one, other] = [a[depth], b[depth]];
    // Where one of them ends, the other one ends, too, or goes on in `#`, which matches the parent level.
    if (one === undefined || other === undefined) return met;
    if (one === '#') return [...met, ...b.slice(depth)];
    if (other === '#') return [...met, ...a.slice(depth)];
    met.push(one === '+' ? other : one);
  }
}

/** Whether nothing more is asked for: the text ends there, or goes on in `/#`, which matches the parent level, too. */
function endsAt(text: string, at: number): boolean {
  if (at === text.length) return true;
  return at === text.length - 2 && text.charCodeAt(at) === SLASH && isHashAt(text, at + 1);
}

/** [MQTT-4.7.2-1] a leading wildcard never reaches $-topics. */
function reachesNot(wide: string, narrow: string): boolean {
  return isDollar(narrow) && (isPlusAt(wide, 0) || isHashAt(wide, 0));
}
