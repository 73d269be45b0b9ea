import type { Policy } from '@perch/policy';
import { policyImpactCancel, policyImpactGet, policyImpactStart } from '../../../shared/api/generated/sdk.gen.js';
import type { PolicyImpact, PolicyImpactJob } from '../../../shared/api/generated/types.gen.js';
import { reportError } from '../../../shared/report-error.js';
import { policyInput } from '../policy-input.js';

/** How far a preview is, in clients; `total` is 0 while they are collected. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

const FIRST_POLL_MS = 60;
const LONGEST_POLL_MS = 1000;

/** Has the server work out what the draft would change for live clients; ends it there when the signal says so. */
export async function runImpact(policy: Policy, { signal, onProgress }: Watch): Promise<PolicyImpact> {
  let { data: job } = await policyImpactStart({ body: policyInput(policy), signal });
  const { id } = job;
  const cancel = () => {
    policyImpactCancel({ path: { id } }).catch(reportError);
  };
  signal.addEventListener('abort', cancel, { once: true });
  for (let wait = FIRST_POLL_MS; !isEnded(job); wait = Math.min(wait * 1.5, LONGEST_POLL_MS)) {
    onProgress(job);
    await new Promise((resolve) => setTimeout(resolve, wait));
    ({ data: job } = await policyImpactGet({ path: { id }, signal }));
  }
  signal.removeEventListener('abort', cancel);
  if (job.impact === null) throw new Error(`The preview was ${job.state}.`);
  return job.impact;
}

function isEnded({ state }: PolicyImpactJob): boolean {
  return state !== 'waiting' && state !== 'running';
}
