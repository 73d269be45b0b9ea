import { bindsServer } from './statements.mjs';

/**
 * @typedef {import('./statements.mjs').List} List
 * @typedef {import('./statements.mjs').Statement} Statement
 * @typedef {import('./tests.mjs').TaggedTest} TaggedTest
 */

const WHO = { server: 'server', client: 'client', both: 'both', untestable: 'server' };

/** Of those in one file that prove one statement. */
const SHOWN_TESTS = 3;

const INTRODUCTION = `# MQTT: every statement, and the test that proves it

The MQTT standards number what an implementation must do. This page lists every numbered statement, in a few words of
ours, with the tests that show that Perch keeps it. It is generated: \`npm run mqtt:matrix\` writes it from the lists in
[statements](statements) and from the ids that tests carry in their titles, and \`npm test\` fails when it has drifted, when
a test names a statement that does not exist, or when a statement that binds servers has no test.

Read the statements themselves in the standards: [MQTT 3.1](https://public.dhe.ibm.com/software/dw/webservices/ws-mqtt/mqtt-v3r1.html),
[MQTT 3.1.1](https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html) and
[MQTT 5.0](https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html). An id is theirs: \`MQTT-…\` for 3.1.1, \`MQTT5-…\`
for 5.0. MQTT 3.1 has no numbers; where its rules differ from 3.1.1 they have numbers of ours, \`MQTT31-…\`.`;

/**
 * The whole page.
 * @param {List[]} lists
 * @param {TaggedTest[]} tests
 * @returns {string}
 */
export function pageOf(lists, tests) {
  const proofs = proofsById(tests);
  const versions = lists.map((list) => versionOf(list, proofs));
  return `${[INTRODUCTION, totalsOf(lists, proofs), ...versions].join('\n\n')}\n`;
}

/**
 * The statements that bind servers and have no test.
 * @param {List[]} lists
 * @param {TaggedTest[]} tests
 * @returns {string[]}
 */
export function unprovenIn(lists, tests) {
  const proofs = proofsById(tests);
  return lists
    .flatMap(statementsOf)
    .filter((statement) => bindsServer(statement) && !proofs.has(statement.id))
    .map(({ id }) => id);
}

/** @param {List} list */
export function statementsOf({ chapters }) {
  return chapters.flatMap(({ statements }) => statements);
}

function proofsById(tests) {
  const proofs = new Map();
  for (const test of tests) for (const id of test.ids) proofs.set(id, [...(proofs.get(id) ?? []), test]);
  return proofs;
}

function totalsOf(lists, proofs) {
  const rows = lists.map((list) => {
    const all = statementsOf(list);
    const count = (side) => all.filter((statement) => statement.side === side).length;
    const server = all.filter(bindsServer);
    const proven = server.filter(({ id }) => proofs.has(id)).length;
    const counts = [all.length, server.length, proven, server.length - proven, count('client'), count('untestable')];
    return [`MQTT ${list.version}`, ...counts];
  });
  const head = ['', 'statements', 'bind servers', 'proven', 'without a test', 'bind clients only', 'no test can show'];
  return tableOf(head, rows);
}

function versionOf(list, proofs) {
  const chapters = list.chapters.map(({ number, name, statements }) => {
    const rows = statements.map((statement) => rowOf(statement, proofs.get(statement.id) ?? []));
    return `### ${number} ${name}\n\n${tableOf(['statement', 'in short', 'binds', 'proven by'], rows)}`;
  });
  return [`## MQTT ${list.version}`, ...chapters].join('\n\n');
}

function rowOf(statement, tests) {
  return [statement.id, escaped(statement.words), WHO[statement.side], proofOf(statement, tests)];
}

function proofOf(statement, tests) {
  if (tests.length > 0) return [...groupedByFile(tests)].map(testsOfFile).join('<br>');
  if (statement.side === 'untestable') return `no test can show it: ${escaped(statement.reason)}`;
  return bindsServer(statement) ? '**no test yet**' : '';
}

function groupedByFile(tests) {
  const files = new Map();
  for (const test of tests) files.set(test.file, [...(files.get(test.file) ?? []), test]);
  return files;
}

function testsOfFile([file, tests]) {
  const titles = [...new Set(tests.map(({ title }) => escaped(title)))];
  const more = titles.length > SHOWN_TESTS + 1 ? [`and ${titles.length - SHOWN_TESTS} more`] : [];
  const shown = more.length > 0 ? titles.slice(0, SHOWN_TESTS) : titles;
  return `[${file.slice(file.lastIndexOf('/') + 1)}](../../${file}): ${[...shown, ...more].join('; ')}`;
}

function tableOf(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** Text for a cell of a table; characters that nobody could see are spelled out. */
function escaped(text) {
  const visible = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `U+${hexOf(character)}`);
  return visible.replace(/[\\|*_<>[\]`~]/g, '\\$&');
}

function hexOf(character) {
  return character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
}
