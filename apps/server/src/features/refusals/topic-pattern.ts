/** An MQTT filter as a regular expression of Postgres that the same topics match [MQTT 4.7]. */
export function topicPattern(filter: string): string {
  const levels = filter.split('/');
  const isOpen = levels.at(-1) === '#';
  const closed = isOpen ? levels.slice(0, -1) : levels;
  const pattern = closed.map((level) => (level === '+' ? '[^/]*' : escaped(level))).join('/');
  const noDollar = levels[0] === '+' || levels[0] === '#' ? '(?!\\$)' : ''; // [MQTT-4.7.2-1]
  if (!isOpen) return `^${noDollar}${pattern}$`;
  return closed.length === 0 ? `^${noDollar}` : `^${noDollar}${pattern}(/|$)`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
