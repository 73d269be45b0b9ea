import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { titlesOf } from './titles.mjs';

/**
 * A test that names the statements it proves.
 * @typedef {{ file: string, title: string, ids: string[] }} TaggedTest
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['apps', 'libs', 'e2e'];
const skipped = new Set(['node_modules', 'dist', 'generated', 'artifacts']);
const testFile = /(\.(spec|int-spec|e2e)\.tsx?|-contract\.ts)$/;
const statementId = /\bMQTT(?:5|31)?-\d+(?:\.\d+)+-\d+\b/g;

/**
 * Every test of the repository whose title names a statement.
 * @returns {TaggedTest[]}
 */
export function taggedTests() {
  return sources(testFile).flatMap(({ file, text }) => testsIn(file, text));
}

/**
 * Every statement that is named anywhere in the repository's sources, with the files that name it.
 * @returns {Map<string, string[]>}
 */
export function citations() {
  const cited = new Map();
  for (const { file, text } of sources(/\.tsx?$/)) {
    for (const id of idsIn(text)) cited.set(id, [...(cited.get(id) ?? []), file]);
  }
  return cited;
}

/**
 * The tests of one file that name a statement.
 * @param {string} file
 * @param {string} text
 * @returns {TaggedTest[]}
 */
export function testsIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return titlesOf(source)
    .map(({ groups, title }) => ({ file, title: [...groups, title].map(withoutTags).join(': '), ids: idsIn(title) }))
    .filter(({ ids }) => ids.length > 0);
}

/** The files that the pattern picks and that name a statement, in a stable order. */
function sources(pattern) {
  const files = folders.flatMap((folder) => filesUnder(folder)).filter((file) => pattern.test(file));
  return files
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => idsIn(text).length > 0);
}

function filesUnder(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return skipped.has(entry.name) ? [] : filesUnder(path);
  });
}

function idsIn(text) {
  return [...new Set(text.match(statementId) ?? [])];
}

function withoutTags(title) {
  return title
    .replace(/[:,]?\s*\[MQTT[^\]]*\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
