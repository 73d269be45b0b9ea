// npm run bench:doors           the same for each WebSocket door, beside a plain fan-out
// npm run bench -- --quick      what Perch costs per message, beside the brokers that are installed; --help lists the flags
import { checkNode, prepare, run } from './prepare.mjs';

checkNode();
await prepare();
await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'e2e']);
const [first, ...rest] = process.argv.slice(2);
if (first === 'doors') await run(process.execPath, ['e2e/dist/load/bench/doors/main.js', ...rest]);
else await run(process.execPath, ['e2e/dist/load/bench/main.js', ...process.argv.slice(2)]);
