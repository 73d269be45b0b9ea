// npm run fuzz -- --inputs 1000000 --seed 123      or: --replay e2e/artifacts/fuzz-123.json
// The fuzzer of `npm test`, for as many inputs as wanted: mutated packets over real sockets.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNode, fail, prepare, run } from './prepare.mjs';

checkNode();
const { values } = parseArgs({
  options: { inputs: { type: 'string' }, seed: { type: 'string' }, replay: { type: 'string' } },
});
if (values.inputs !== undefined && !(Number(values.inputs) > 0)) fail('--inputs has to be a number above 0.');
await prepare();
const env = {
  FUZZ_INPUTS: values.inputs,
  FUZZ_SEED: values.seed,
  FUZZ_REPLAY: values.replay === undefined ? undefined : resolve(values.replay),
};
const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/fuzz/vitest.config.ts'], given);
