// npm run bench -- --quick      what Perch costs per message, beside the brokers that are installed; --help lists the flags
import { checkNode, prepare, run } from './prepare.mjs';

checkNode();
await prepare();
await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'e2e']);
await run(process.execPath, ['e2e/dist/load/bench/main.js', ...process.argv.slice(2)]);
