import { ConnectStorm } from './connect-storm.js';
import { Flow } from './flow.js';
import type { Job, Outcome } from './job.js';
import { RetainedReplay } from './retained-replay.js';

/** Does what the job says. */
export async function runJob(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case 'flow':
      return new Flow(job).run();
    case 'connect':
      return new ConnectStorm(job).run();
    case 'retain':
      return new RetainedReplay(job).run();
  }
}
