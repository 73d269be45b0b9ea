/** What the address bar holds, before a page has said what it understands. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** A search parameter as text; absent when empty. */
export function textParam(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A search parameter that may only have one of some values; absent when it has another. */
export function choiceParam<const Choice extends string>(
  search: RawSearch,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === search[name]);
}

/** Reads `?a=1&b=x` as plain texts: a username of `007` or `true` stays what was typed. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Writes what parseSearch reads, leaving out what is empty. */
export function stringifySearch(search: RawSearch): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(name, value);
    if (typeof value === 'number' || typeof value === 'boolean') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A moment, as an instant in UTC. */
export function instantParam(search: RawSearch, name: string): string | undefined {
  const at = Date.parse(textParam(search, name) ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
