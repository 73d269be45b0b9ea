import { isValidFilter } from './filter.js';
import type { ImportError } from './import-analysis.js';

/** One `topic` or `pattern` line. */
export interface MosquittoEntry {
  readonly access: 'read' | 'write' | 'readwrite' | 'deny';
  readonly topic: string;
  readonly line: number;
}

/** An acl_file, taken apart as Mosquitto does. */
export interface MosquittoAcl {
  /** By user name; null: the lines before the first `user`, for clients without a name. */
  readonly sections: ReadonlyMap<string | null, readonly MosquittoEntry[]>;
  readonly patterns: readonly MosquittoEntry[];
  readonly errors: readonly ImportError[];
}

/** Reads `user`, `topic` and `pattern` lines and reports every error; Mosquitto stops at the first. */
export function parseMosquittoAcl(text: string): MosquittoAcl {
  const sections = new Map<string | null, MosquittoEntry[]>();
  const patterns: MosquittoEntry[] = [];
  const errors: ImportError[] = [];
  let user: string | null = null;
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    // Only a line that begins with it is a comment.
    if (raw.startsWith('#') || raw.trim() === '') continue;
    const parsed = parseLine(raw, index + 1);
    if ('message' in parsed) errors.push({ ...parsed, path: null });
    else if ('user' in parsed) user = parsed.user;
    else if (parsed.isPattern) patterns.push(parsed.entry);
    else sections.set(user, [...(sections.get(user) ?? []), parsed.entry]);
  }
  return { sections, patterns, errors };
}

type Parsed =
  | { readonly line: number; readonly column: number; readonly message: string }
  | { readonly user: string }
  | { readonly isPattern: boolean; readonly entry: MosquittoEntry };

function parseLine(raw: string, line: number): Parsed {
  const [, blanks = '', keyword = '', gap = '', rest = ''] = /^( *)([^ ]+)( *)(.*?)\s*$/.exec(raw) ?? [];
  const start = blanks.length + keyword.length + gap.length + 1;
  const fail = (column: number, message: string) => ({ line, column, message });
  if (keyword === 'user') return rest === '' ? fail(start, 'Expected a user name here.') : userLine(rest, line, start);
  if (keyword !== 'topic' && keyword !== 'pattern') {
    return fail(
      blanks.length + 1,
      `“${keyword.trim()}” is none of user, topic, pattern. Words are separated by blanks, not by tabs.`,
    );
  }
  if (rest === '') return fail(start, 'Expected a topic here.');
  const [, word = '', space = '', after = ''] = /^([^ ]+)( *)(.*)$/.exec(rest) ?? [];
  if (after !== '' && !ACCESSES.has(word)) return fail(start, `“${word}” is none of ${[...ACCESSES].join(', ')}.`);
  const topic = after === '' ? word : after;
  const column = after === '' ? start : start + word.length + space.length;
  if (!isValidFilter(topic)) return fail(column, `“${topic}” is not a topic filter.`);
  const access = after === '' ? 'readwrite' : (word as MosquittoEntry['access']);
  return { isPattern: keyword === 'pattern', entry: { access, topic, line } };
}

const ACCESSES = new Set<string>(['read', 'write', 'readwrite', 'deny'] satisfies MosquittoEntry['access'][]);

function userLine(user: string, line: number, column: number): Parsed {
  // A user called so would become everybody.
  if (user === '*') return { line, column, message: 'A user cannot be called * here: it means any user.' };
  return { user };
}
