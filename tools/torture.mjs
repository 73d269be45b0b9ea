// npm run torture -- --minutes 60 --seed 123 --rate 200
// The torture test of `npm test`, for as long as wanted: kills and cuts everything and checks that nothing is lost.
import { parseArgs } from 'node:util';
import { checkNode, fail, prepare, run } from './prepare.mjs';

checkNode();
const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, rate: { type: 'string' } },
});
for (const name of ['minutes', 'rate']) {
  if (values[name] !== undefined && !(Number(values[name]) > 0)) fail(`--${name} has to be a number above 0.`);
}
await prepare();
const env = { TORTURE_MINUTES: values.minutes, TORTURE_SEED: values.seed, TORTURE_RATE: values.rate };
const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
await run(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/torture/vitest.config.ts'],
  given,
);
