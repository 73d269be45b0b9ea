import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type Message } from '@perch/broker';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AuditService } from '../audit/audit.service.js';
import type { NewMessage } from '../publish/publish-messages.js';
import { PublishService } from '../publish/publish.service.js';
import type { RetainedDeletion, RetainedJob, RetainedJobs as JobList } from './retained-job.schemas.js';
import { RetainedService } from './retained.service.js';
import { UNDO_BYTES, UNDO_MESSAGES, UndoStore } from './undo-store.js';

/** Jobs that are remembered. */
const JOBS = 20;
/** Published before their commits are waited for and others have their turn. */
const BATCH = 200;
/** A little longer than the dashboard offers to undo. */
const UNDO_MS = 60_000;

interface Job {
  shown: RetainedJob;
  readonly actor: Actor;
  readonly cancel: AbortController;
  running: Promise<void>;
}

/** One message of a job: what is published for it, or null where it is left alone. */
type Step = (message: Message) => NewMessage | null;

/** Deletes what a filter matches, and puts it back: one such job at a time, each in the audit log with its outcome. */
@Injectable()
export class RetainedJobs implements OnModuleDestroy {
  private readonly log = new Logger('retained');
  private readonly jobs = new Map<string, Job>();
  private readonly undo = new UndoStore();
  private isStarting = false;

  constructor(
    private readonly broker: Broker,
    private readonly retained: RetainedService,
    private readonly publisher: PublishService,
    private readonly audit: AuditService,
  ) {}

  list(): JobList {
    const items = [...this.jobs.values()].map((job) => this.shownOf(job)).reverse();
    return { items, undoMessages: UNDO_MESSAGES, undoBytes: UNDO_BYTES };
  }

  /** Begins to delete what the filter matches now. 409 where another job runs, or there is more than was expected. */
  async delete({ filter, expected }: RetainedDeletion, actor: Actor): Promise<RetainedJob> {
    if (filter.startsWith('$SYS')) throw new ApiError('not-allowed', 'Only the broker itself publishes there.');
    return this.alone(async () => {
      const total = await this.retained.count(filter);
      if (total > expected * 1.1) {
        throw new ApiError('more-than-expected', `There are ${total} messages now, and ${expected} were expected.`);
      }
      const after = { filter, messages: total };
      await this.audit.record(actor, { action: 'retained.delete-many', object: `filter/${filter}`, after });
      const job = this.begin({ kind: 'delete', filter, total, actor });
      this.undo.open(job.shown.id);
      job.running = this.run(job, this.broker.retained.search(filter), (message) => this.emptied(job, message));
      return job.shown;
    });
  }

  /** Publishes what a deletion took away, where nothing newer came. 404 when it is too late or was too much. */
  async restore(id: string, actor: Actor): Promise<RetainedJob> {
    const deletion = this.find(id);
    return this.alone(async () => {
      if (this.shownOf(deletion).undoUntil === null)
        throw new ApiError('not-found', 'What was deleted is no longer kept.');
      const { filter, done: messages } = deletion.shown;
      const deed = { action: 'retained.restore-many', object: `filter/${filter}`, after: { filter, messages } };
      await this.audit.record(actor, deed);
      const kept = this.undo.take(id) ?? [];
      const job = this.begin({ kind: 'restore', filter, total: kept.length, actor });
      job.running = this.run(job, kept, (message) => this.again(message));
      return job.shown;
    });
  }

  /** Ends it, if it has not ended; what it did stays done. */
  async stop(id: string): Promise<RetainedJob> {
    const job = this.find(id);
    job.cancel.abort();
    await job.running;
    return this.shownOf(job);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.jobs.keys()].map((id) => this.stop(id)));
  }

  private async alone<Result>(start: () => Promise<Result>): Promise<Result> {
    const isRunning = [...this.jobs.values()].some(({ shown }) => shown.state === 'running');
    if (isRunning || this.isStarting)
      throw new ApiError('job-running', 'Another one is at work. Wait for its end, or stop it.');
    this.isStarting = true;
    try {
      return await start();
    } finally {
      this.isStarting = false;
    }
  }

  private begin({ actor, ...what }: Pick<RetainedJob, 'kind' | 'filter' | 'total'> & { actor: Actor }): Job {
    const times = { startedBy: actor.name, startedAt: new Date().toISOString(), endedAt: null };
    const nothing = { done: 0, skipped: 0, problem: null, undoUntil: null, isTooLargeToUndo: false };
    const shown: RetainedJob = { id: randomUUID(), ...what, state: 'running', ...times, ...nothing };
    const job = { shown, actor, cancel: new AbortController(), running: Promise.resolve() };
    this.jobs.set(shown.id, job);
    for (const id of this.jobs.keys()) {
      if (this.jobs.size <= JOBS) break;
      this.jobs.delete(id);
      this.undo.forget(id);
    }
    return job;
  }

  private async run(job: Job, messages: Iterable<Message | null>, step: Step): Promise<void> {
    try {
      await this.work(job, messages, step);
      this.end(job, job.cancel.signal.aborted ? 'stopped' : 'done', null);
    } catch (error) {
      const isKnown = error instanceof ApiError;
      if (!isKnown) this.log.error(`A job on ${job.shown.filter} failed: ${String(error)}`);
      this.end(job, 'failed', isKnown ? error.detail : 'Perch made a mistake; its log says which.');
    }
    await this.tell(job);
  }

  private async tell({ actor, shown: { kind, filter, state, done, skipped, problem } }: Job): Promise<void> {
    const after = { filter, state, messages: done, skipped, problem };
    const deed = { action: `retained.${kind}-many-end`, object: `filter/${filter}`, after };
    try {
      await this.audit.record(actor, deed);
    } catch (error) {
      this.log.error(`The end of a job on ${filter} was not audited: ${String(error)}`);
    }
  }

  /** A batch at a time: its commits are awaited, and everybody else has a turn, before the next. */
  private async work(job: Job, messages: Iterable<Message | null>, step: Step): Promise<void> {
    let sent: Promise<unknown>[] = [];
    let looks = 0;
    for (const message of messages) {
      if (job.cancel.signal.aborted) break;
      const next = message && step(message);
      if (next) sent.push(this.publisher.send(next, job.actor));
      else if (message) job.shown = { ...job.shown, skipped: job.shown.skipped + 1 };
      if (message && ++looks % BATCH !== 0) continue;
      await settle(job, sent);
      sent = [];
    }
    await settle(job, sent);
  }

  /** What forgets the message [MQTT-3.3.1-10], unless it is another one by now. */
  private emptied(job: Job, message: Message): NewMessage | null {
    const { topic } = message;
    if (this.broker.retained.get(topic) !== message) return null;
    const { id, isTooLargeToUndo } = job.shown;
    if (!isTooLargeToUndo && !this.undo.keep(id, message)) job.shown = { ...job.shown, isTooLargeToUndo: true };
    return { topic, payload: Buffer.alloc(0), qos: 1, retain: true };
  }

  private again({ topic, payload, qos, properties, expiresAt }: Message): NewMessage | null {
    const isOver = expiresAt !== null && expiresAt <= Date.now();
    if (isOver || this.broker.retained.get(topic)) return null;
    return { topic, payload, qos, retain: true, properties, expiresAt };
  }

  private end(job: Job, state: RetainedJob['state'], problem: string | null): void {
    const { id, kind, done } = job.shown;
    const undoUntil = kind === 'delete' && done > 0 ? new Date(Date.now() + UNDO_MS).toISOString() : null;
    job.shown = { ...job.shown, state, problem, endedAt: new Date().toISOString(), undoUntil };
    setTimeout(() => this.undo.forget(id), UNDO_MS).unref();
  }

  private shownOf({ shown }: Job): RetainedJob {
    const isKept = shown.undoUntil !== null && this.undo.has(shown.id);
    return isKept ? shown : { ...shown, undoUntil: null };
  }

  private find(id: string): Job {
    const job = this.jobs.get(id);
    if (job) return job;
    throw new ApiError('not-found', 'There is no such job. Only the last ones are kept.');
  }
}

/** Counts what was done; throws the first failure, once all of them are known. */
async function settle(job: Job, sent: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(sent);
  const failed = results.find((result) => result.status === 'rejected');
  const done = results.filter(({ status }) => status === 'fulfilled').length;
  job.shown = { ...job.shown, done: job.shown.done + done };
  if (failed) throw failed.reason as Error;
  await setImmediate();
}
