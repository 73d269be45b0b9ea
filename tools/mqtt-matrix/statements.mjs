import { readdirSync, readFileSync } from 'node:fs';

/**
 * One normative statement of the standard, in a few words of our own.
 * @typedef {{ id: string, side: string, words: string, reason: string | null }} Statement
 * @typedef {{ number: string, name: string, statements: Statement[] }} Chapter
 * @typedef {{ version: string, chapters: Chapter[] }} List
 */

const lists = new URL('../../docs/protocols/statements/', import.meta.url);
const SIDES = ['server', 'client', 'both', 'untestable'];

/**
 * The statements of every version, the oldest first.
 * @returns {List[]}
 */
export function readStatements() {
  const files = readdirSync(lists).filter((name) => /^mqtt-.*\.txt$/.test(name));
  const all = files.map((name) => parseList(readFileSync(new URL(name, lists), 'utf8'), name));
  return all.sort((a, b) => a.version.localeCompare(b.version));
}

/**
 * The statements for servers that are known to have no test yet.
 * @returns {string[]}
 */
export function readKnownGaps() {
  return linesOf(readFileSync(new URL('known-gaps.txt', lists), 'utf8'));
}

/**
 * Whether a server has to keep the statement, and a test can show that it does.
 * @param {Statement} statement
 */
export function bindsServer({ side }) {
  return side === 'server' || side === 'both';
}

/**
 * @param {string} text
 * @param {string} name
 * @returns {List}
 */
export function parseList(text, name) {
  const list = { version: '', chapters: [] };
  for (const line of linesOf(text)) {
    const [, mark, heading] = /^(={1,2}) (.*)$/.exec(line) ?? [];
    if (mark === '=') list.version = heading;
    else if (mark === '==') list.chapters.push(chapterOf(heading));
    else list.chapters.at(-1).statements.push(statementOf(line, name));
  }
  return list;
}

function linesOf(text) {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('# '));
}

function chapterOf(heading) {
  const space = heading.indexOf(' ');
  return { number: heading.slice(0, space), name: heading.slice(space + 1), statements: [] };
}

function statementOf(line, name) {
  const [id, side, words, reason = null] = line.split('|').map((part) => part.trim());
  const isWhole = SIDES.includes(side) && words && (reason !== null) === (side === 'untestable');
  if (!isWhole) throw new Error(`${name}: not a statement: ${line}`);
  return { id, side, words, reason };
}
