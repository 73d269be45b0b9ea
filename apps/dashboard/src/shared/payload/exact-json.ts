import { randomHex } from '../random-hex.js';
import { jsonOf } from './payload.js';

/** A number of JSON as it is written, where JavaScript would say another one: an id of 64 bits, or nanoseconds. */
export class WrittenNumber {
  constructor(readonly text: string) {}
}

/** A string, a number, another word, or a sign of JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[a-z]+|[{}[\],:]/g;

/** What a text says as JSON, with the numbers that it has; undefined where it is none. */
export function exactJsonOf(text: string | null): unknown {
  const json = jsonOf(text);
  if (text === null || json === undefined) return undefined;
  const marker = `number ${randomHex(8)} `;
  let isMarked = false;
  const marked = text.replaceAll(TOKEN, (token) => {
    if (!/^[-\d]/.test(token) || String(Number(token)) === token) return token;
    isMarked = true;
    return `"${marker}${token}"`;
  });
  return isMarked ? (withNumbers(marked, marker) ?? json) : json;
}

function withNumbers(marked: string, marker: string): unknown {
  const numberOf = (_key: string, value: unknown) =>
    typeof value === 'string' && value.startsWith(marker) ? new WrittenNumber(value.slice(marker.length)) : value;
  try {
    return JSON.parse(marked, numberOf) as unknown;
  } catch {
    // Deeper than can be walked through: then without.
    return undefined;
  }
}

/** Indented no further than this: of brackets in brackets alone a line would be as long as the text. */
const MOST_INDENTED = 40;

/** The same JSON, indented; nothing but its white space is changed. Null where it is none. */
export function prettyJson(text: string): string | null {
  if (jsonOf(text) === undefined) return null;
  const parts: string[] = [];
  let level = 0;
  let last = '';
  const line = () => `\n${'  '.repeat(Math.min(level, MOST_INDENTED))}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) level--;
    const follows = last === '{' || last === '[';
    const breaks = closes ? !follows : follows || last === ',';
    if (breaks) parts.push(line());
    if (token === '{' || token === '[') level++;
    parts.push(token === ':' ? ': ' : token);
    last = token;
  }
  return parts.join('');
}
