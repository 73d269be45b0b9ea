import { parentPort } from 'node:worker_threads';
import { type Impact, type ImpactClient, impactSteps, searchAccess } from '@perch/policy';
import type { FromPolicyThread, PolicyTask, ToPolicyThread } from './policy-task.js';

/** The program of a thread of its own: is given every client, then one task, and says how far it is. */
const clients: ImpactClient[] = [];

parentPort?.on('message', (message: ToPolicyThread) => {
  if (message.type === 'run') return say({ type: 'done', result: run(message.task) });
  for (const client of message.clients) clients.push(client);
});

function run(task: PolicyTask) {
  return task.kind === 'who' ? searchAccess(task.policy, task.query, clients) : impact(task);
}

function impact({ saved, draft, nowMs }: Extract<PolicyTask, { kind: 'impact' }>): Impact {
  const steps = impactSteps({ saved, draft, nowMs, clients });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    say({ type: 'progress', ...step.value });
  }
}

function say(message: FromPolicyThread): void {
  parentPort?.postMessage(message);
}
