// The load generator as a process of its own: a job as JSON in, its outcome as JSON out.
import { text } from 'node:stream/consumers';
import type { Job, Outcome } from './job.js';
import { runJob } from './run-job.js';

const nothing = {
  sent: 0,
  acknowledged: 0,
  expected: 0,
  delivered: 0,
  lost: 0,
  repeated: 0,
  disordered: 0,
  misdirected: 0,
};

async function outcome(): Promise<Outcome> {
  try {
    return await runJob(JSON.parse(await text(process.stdin)) as Job);
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
      mayLose: false,
      counts: nothing,
      figures: {},
    };
  }
}

process.stdout.write(`${JSON.stringify(await outcome())}\n`, () => process.exit());
