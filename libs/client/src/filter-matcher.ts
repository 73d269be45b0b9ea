/** Whether a topic matches the filter it was made for [MQTT 4.7]. */
export type FilterMatcher = (topic: string) => boolean;

/** Makes the matcher of a filter. A shared subscription (`$share/group/filter`) matches as its filter. */
export function filterMatcher(filter: string): FilterMatcher {
  const plain = filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
  if (!/[+#]/.test(plain)) return (topic) => topic === plain;
  const levels = plain.split('/');
  // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
  const leadsWild = levels[0] === '+' || levels[0] === '#';
  return (topic) => !(leadsWild && topic.startsWith('$')) && levelsMatch(levels, topic.split('/'));
}

function levelsMatch(filter: readonly string[], topic: readonly string[]): boolean {
  for (let i = 0; i < filter.length; i++) {
    // `a/#` matches `a` too
    if (filter[i] === '#') return true;
    if (i >= topic.length || (filter[i] !== '+' && filter[i] !== topic[i])) {
      return false;
    }
  }
  return filter.length === topic.length;
}
