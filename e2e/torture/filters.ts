/** `$share/group/filter` taken apart; `group` is null for any other filter. */
export function splitShare(filter: string): { group: string | null; topicFilter: string } {
  const shared = /^\$share\/([^/]+)\/(.+)$/.exec(filter);
  return { group: shared?.[1] ?? null, topicFilter: shared?.[2] ?? filter };
}

/** What the specification says, level by level: the judge does not ask the broker's own matcher. */
export function matches(topicFilter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = topicFilter.split('/');
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true;
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}
