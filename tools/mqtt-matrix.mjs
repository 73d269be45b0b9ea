import { writeFileSync } from 'node:fs';
import { pageOf, unprovenIn } from './mqtt-matrix/page.mjs';
import { readStatements } from './mqtt-matrix/statements.mjs';
import { taggedTests } from './mqtt-matrix/tests.mjs';

const lists = readStatements();
const tests = taggedTests();
writeFileSync(new URL('../docs/protocols/mqtt.md', import.meta.url), pageOf(lists, tests));

const unproven = unprovenIn(lists, tests);
console.log(`docs/protocols/mqtt.md: ${tests.length} tests; ${unproven.length} statements for servers without one.`);
for (const id of unproven) console.log(`  ${id}`);
