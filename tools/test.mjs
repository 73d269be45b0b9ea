// npm test: everything that must hold, in a fresh clone with nothing but Node and npm.
// The last line is the verdict: `N passed, N failed`, and `, N skipped` where something could not run. A test that failed and
// passed when its file ran again is told above it.
//   npm test -- --only e2e                      one stage, or several: --only spec,int-spec
//   npm test -- --only e2e protocols/mqtt       what follows goes to the stage's own program
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkNode, root } from './prepare.mjs';

const REPORTS = join(root, '.perch', 'reports');
/** A stage that hangs is ended; on a slow machine the longest takes a quarter of an hour. */
const STAGE_TIMEOUT_MS = 40 * 60_000;
const NOTHING = { passed: 0, failed: 0, skipped: 0 };
/** Files with a failure that run once more by themselves: as many as may be unlucky; when more fail it is no bad luck. */
const MAX_FILES_AGAIN = 3;

// `needs` names the stages without which a stage cannot tell anything. One that is `aside` runs beside those that follow,
// and says what it has to say when it has ended; one that is `alone`, because it keeps an eye on time, waits for that.
const stages = [
  { name: 'install', ...preparation('install') },
  { name: 'build', ...preparation('build'), needs: ['install'] },
  { name: 'lint', ...check('tools/lint.mjs'), needs: ['install'], aside: true },
  { name: 'types', ...check('node_modules/typescript/bin/tsc', '-b'), needs: ['install', 'build'] },
  { name: 'spec', ...vitest('spec', '--project', 'spec'), needs: ['install', 'build'] },
  { name: 'dashboard', ...vitest('dashboard', '--project', 'dashboard'), needs: ['install'] },
  { name: 'int-spec', ...vitest('int-spec', '--project', 'int-spec'), needs: ['install', 'build'] },
  { name: 'e2e', ...vitest('e2e', '--config', 'e2e/vitest.config.ts'), needs: ['install', 'build'], alone: true },
];

checkNode();
const { values, positionals } = parseArgs({
  options: { only: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const wanted = chooseStages(values.only);
mkdirSync(REPORTS, { recursive: true });

const outcomes = [];
const aside = [];
for (const stage of stages.filter(({ name }) => wanted.has(name))) {
  if (stage.alone) outcomes.push(...(await Promise.all(aside.splice(0))));
  if (stage.aside) aside.push(runStage(stage));
  else outcomes.push(await runStage(stage));
}
outcomes.push(...(await Promise.all(aside)));
process.exitCode = sumUp() ? 0 : 1;

/** Installing and building count only when they fail: what works without them proves nothing. */
function preparation(step) {
  const prepare = pathToFileURL(join(root, 'tools/prepare.mjs')).href;
  const script = `const steps = await import('${prepare}'); await steps.${step}();`;
  return {
    args: ['--input-type=module', '--eval', script],
    count: (code) => ({ ...NOTHING, failed: code === 0 ? 0 : 1 }),
  };
}

function check(program, ...args) {
  const count = (code) => ({ ...NOTHING, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
  return { args: [program, ...args], count };
}

function vitest(name, ...chosen) {
  return {
    ...vitestRun(name, chosen),
    takesMore: true,
    again: (files) => vitestRun(`${name}-again`, [...chosen, ...files]),
  };
}

function vitestRun(name, chosen) {
  const report = join(REPORTS, `${name}.json`);
  return {
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...chosen,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    prepare: () => rmSync(report, { force: true }),
    count: (code) => readReport(report, code),
  };
}

/** Counts tests; a file that could not be loaded and an error outside of any test are failures too. */
function readReport(report, code) {
  let counts = NOTHING;
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed),
    );
    counts = {
      passed: numPassedTests,
      failed: numFailedTests + broken.length,
      skipped: numPendingTests + numTodoTests,
      failures: testResults.flatMap(namesOfFailures),
      files: testResults.filter(({ status }) => status === 'failed').map(countsOfFile),
    };
  } catch (error) {
    console.error(`There is no report of the tests: ${error.message}`);
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function isFailed({ status }) {
  return status === 'failed';
}

/** The tests of a file that failed, or the file itself when none could run. */
function namesOfFailures({ name, status, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(isFailed).map(({ fullName }) => `${file}: ${fullName}`);
  return failed.length > 0 || status !== 'failed' ? failed : [file];
}

function countsOfFile({ name, assertionResults }) {
  const count = (...wanted) => assertionResults.filter(({ status }) => wanted.includes(status)).length;
  const passed = count('passed');
  const failed = Math.max(1, count('failed'));
  return { name, passed, failed, skipped: assertionResults.length - passed - count('failed') };
}

function chooseStages(only) {
  const names = stages.map(({ name }) => name);
  if (!only) return new Set(names);
  const chosen = only.flatMap((list) => list.split(','));
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(', ')}; there are ${names.join(', ')}.`);
    process.exit(2);
  }
  return new Set(chosen.flatMap((name) => [...(stages.find((stage) => stage.name === name).needs ?? []), name]));
}

async function runStage(stage) {
  const missing = (stage.needs ?? []).filter((name) =>
    outcomes.some((outcome) => outcome.name === name && outcome.failed > 0),
  );
  if (missing.length > 0) {
    console.log(`\n- ${stage.name}: skipped, because ${missing.join(' and ')} failed`);
    return { name: stage.name, ...NOTHING, skipped: 1 };
  }
  console.log(`\n\u203A ${stage.name} ...`);
  const startedAt = Date.now();
  const more = stage.takesMore ? positionals : [];
  const counts = await lookAgain(stage, await runOnce(stage, more));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${counts.failed > 0 ? '\u2717' : '\u2713'} ${stage.name}: ${inWords(counts)} (${seconds} s)`);
  return { name: stage.name, seconds, ...counts };
}

async function runOnce(stage, more = []) {
  stage.prepare?.();
  return stage.count(await runNode([...stage.args, ...more], stage.aside === true));
}

/**
 * Runs the files that failed once more, each as it would run alone: what fails again has failed. What does not is told as
 * unsteady, by name and in the verdict's table, since it is a race in the test or in the product that somebody has to find.
 */
async function lookAgain(stage, first) {
  const { files = [] } = first;
  const isBadLuck = files.length > 0 && files.length <= MAX_FILES_AGAIN;
  const hasMore = first.failed > files.reduce((total, { failed }) => total + failed, 0);
  if (!stage.again || !isBadLuck || hasMore) return first;
  console.log(`\n\u21BB ${stage.name}: once more, what failed ...`);
  const second = await runOnce(stage.again(files.map(({ name }) => name)));
  const merged = (key) => files.reduce((total, file) => total - file[key], first[key]) + second[key];
  const failures = second.failures ?? first.failures;
  return {
    passed: merged('passed'),
    failed: merged('failed'),
    skipped: merged('skipped'),
    failures,
    unsteady: first.failures.filter((failure) => !failures.includes(failure)),
  };
}

/** Resolves with the exit code; a stage that hangs is ended with all that it has started. */
async function runNode(args, isAside) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: isAside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, NX_DAEMON: 'false', PERCH_PICTURES: 'none' },
    detached: true,
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  const interrupted = (signal) => {
    end(signal);
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const timer = setTimeout(() => {
    console.error(`This takes longer than ${STAGE_TIMEOUT_MS / 60_000} minutes: stopped.`);
    end('SIGTERM');
    setTimeout(end, 5000, 'SIGKILL').unref();
  }, STAGE_TIMEOUT_MS);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  for (const chunk of said) process.stdout.write(chunk);
  clearTimeout(timer);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  return code;
}

/** Prints what each stage found, and the verdict. True when something ran and nothing failed. */
function sumUp() {
  console.log('');
  for (const { name, seconds, failures = [], unsteady = [], ...counts } of outcomes) {
    console.log(`  ${name.padEnd(10)} ${seconds ? `${seconds} s`.padStart(8) : ' '.repeat(8)}   ${inWords(counts)}`);
    for (const failure of failures) console.log(`             \u2717 ${failure}`);
    for (const failure of unsteady)
      console.log(`             \u21BB ${failure} (failed, and passed when its file ran again)`);
  }
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  console.log('');
  console.log(inWords(total));
  return total.failed === 0 && total.passed > 0;
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
