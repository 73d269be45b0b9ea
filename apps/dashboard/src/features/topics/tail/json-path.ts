/** Where a value stands in a JSON document: names and positions, from outside in. */
export type JsonPath = readonly string[];

/** Reads `$.a.b[0]`, `a.b.0` or `["odd name"].x`; null where it is no path, an empty one for the whole document. */
export function jsonPath(text: string): JsonPath | null {
  const path: string[] = [];
  let rest = text.trim().replace(/^\$/, '');
  while (rest !== '') {
    const match = /^\.?(?:([^.[\]"']+)|\[(\d+)\]|\["([^"]*)"\])/.exec(rest);
    if (!match) return null;
    path.push(match[1] ?? match[2] ?? match[3] ?? '');
    rest = rest.slice(match[0].length);
  }
  return path;
}

/** The value there; undefined where there is none. */
export function valueAt(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A value in a cell of a table. */
export function textOfValue(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
