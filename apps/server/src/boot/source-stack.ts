import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** A place in a stack: `file:///folder/part.js:12:34`. Both numbers begin with 1. */
const PLACE = /(file:\/\/[^\s()]+\/)([\w.-]+\.js):(\d+):(\d+)/;

const bundle = new URL('.', import.meta.url);
const maps = new Map<string, SourceMap>();

/**
 * The stack as the sources have it, where the code was bundled into `folder`. Maps are read only once a stack is to be told: Node's own
 * `--enable-source-maps` would read them all at each start, and slow every error down.
 */
export function sourceStack(stack: string, folder = bundle): string {
  return stack.replaceAll(new RegExp(PLACE, 'g'), (place) => sourcePlace(place, folder));
}

/** A stack begins with a message that anybody may have written: only files of our own are looked for. */
function sourcePlace(place: string, folder: URL): string {
  const [, path, file = '', line, column] = PLACE.exec(place) ?? [];
  const map = path === folder.href ? mapOf(new URL(`${file}.map`, folder)) : null;
  const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
  if (!entry || !('originalSource' in entry)) return place;
  const { originalSource, originalLine, originalColumn } = entry;
  return `${new URL(originalSource, folder).href}:${originalLine + 1}:${originalColumn + 1}`;
}

function mapOf(file: URL): SourceMap | null {
  const known = maps.get(file.href);
  if (known || !existsSync(file)) return known ?? null;
  const map = new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  maps.set(file.href, map);
  return map;
}
