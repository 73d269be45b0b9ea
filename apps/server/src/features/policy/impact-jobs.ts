import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { PolicyService } from '../../policy/policy.service.js';
import type { ImpactInput, ImpactJob, PolicyImpact } from './impact.schemas.js';
import { PolicyInQuestion } from './policy-in-question.js';
import { PolicyThread } from './policy-thread.js';

/** How many previews are remembered; the oldest goes first. */
const JOBS = 50;

interface Job {
  readonly operator: string;
  readonly cancel: AbortController;
  shown: ImpactJob;
}

/** Previews of what a draft would change, one at a time for each operator. */
@Injectable()
export class ImpactJobs {
  private readonly log = new Logger('policy');
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly policy: PolicyService,
    private readonly policies: PolicyInQuestion,
    private readonly thread: PolicyThread,
  ) {}

  /** Begins one, and ends what the operator asked for before. 422 when the draft could not be saved. */
  start(operator: string, input: ImpactInput): ImpactJob {
    const { policy: draft, revision } = this.policies.validDraft(input);
    for (const job of this.jobs.values()) if (job.operator === operator) this.end(job);
    const job = aJob(operator, revision);
    const began = Date.now();
    const change = (fields: Partial<ImpactJob>) => void (job.shown = { ...job.shown, ...fields });
    const task = { kind: 'impact', saved: this.policy.current.policy, draft, nowMs: began } as const;
    const running = this.thread.run(task, {
      signal: job.cancel.signal,
      progress: (progress) => change({ state: 'running', ...progress }),
    });
    this.keep(job);
    running
      .then((impact) => {
        const { total } = impact.clients;
        // Its lists are read-only; the schema's are not.
        change({ state: 'done', done: total, total, ms: Date.now() - began, impact: impact as PolicyImpact });
      })
      .catch((error: unknown) => {
        const isCancelled = job.cancel.signal.aborted;
        change({ state: isCancelled ? 'cancelled' : 'failed', ms: Date.now() - began });
        if (!isCancelled) this.log.error(`A preview of ${operator} failed: ${String(error)}`);
      });
    return job.shown;
  }

  /** 404 when the operator has no such preview, or it is forgotten. */
  get(operator: string, id: string): ImpactJob {
    return this.find(operator, id).shown;
  }

  /** Ends it, if it has not ended. */
  cancel(operator: string, id: string): void {
    this.end(this.find(operator, id));
  }

  private find(operator: string, id: string): Job {
    const job = this.jobs.get(id);
    if (job?.operator === operator) return job;
    throw new ApiError('not-found', 'You have no preview with this id. Only the last ones are kept.');
  }

  private end({ cancel }: Job): void {
    cancel.abort(new Error('cancelled'));
  }

  private keep(job: Job): void {
    this.jobs.set(job.shown.id, job);
    for (const [id, oldest] of this.jobs) {
      if (this.jobs.size <= JOBS) return;
      this.end(oldest);
      this.jobs.delete(id);
    }
  }
}

function aJob(operator: string, revision: number): Job {
  const started = { id: randomUUID(), startedAt: new Date().toISOString(), state: 'waiting' } as const;
  const shown: ImpactJob = { ...started, revision, done: 0, total: 0, ms: null, impact: null };
  return { operator, cancel: new AbortController(), shown };
}
