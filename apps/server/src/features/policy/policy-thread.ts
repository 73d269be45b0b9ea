import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { ImpactProgress } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';
import { liveClients } from './live-clients.js';
import type { FromPolicyThread, PolicyTask, PolicyTaskResults, ToPolicyThread } from './policy-task.js';

/** As it is built: no thread can run the sources. */
const program = createRequire(import.meta.url).resolve('#policy-worker');

const THREADS = 2;
const WAITING = 20;

/** Who waits for a task. */
export interface TaskListener {
  /** Ends the task, or its waiting. */
  readonly signal?: AbortSignal;
  /** The task has begun, or has come further. */
  progress?(progress: ImpactProgress): void;
}

/** Asks questions about every live client off the thread that serves them: two at a time, in threads of their own. */
@Injectable()
export class PolicyThread implements OnApplicationShutdown {
  private readonly turns = new BoundedQueue(THREADS, WAITING);
  private readonly closing = new AbortController();

  constructor(private readonly broker: Broker) {}

  /** Resolves with the answer. Rejects when it is cancelled, and with 503 when too many wait already. */
  run<Kind extends PolicyTask['kind']>(
    task: Extract<PolicyTask, { kind: Kind }>,
    listener: TaskListener = {},
  ): Promise<PolicyTaskResults[Kind]> {
    const answer = this.turns.run(() => this.start(task, listener));
    if (!answer) throw new ApiError('unavailable', 'Too many questions about all clients wait already.');
    return answer as Promise<PolicyTaskResults[Kind]>;
  }

  onApplicationShutdown(): void {
    this.closing.abort();
  }

  private async start(task: PolicyTask, listener: TaskListener): Promise<unknown> {
    const { signal } = listener;
    const stop = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    stop.throwIfAborted();
    const thread = new Worker(program, { execArgv: [] });
    try {
      const answer = answerOf(thread, stop, listener);
      await Promise.race([this.feed(thread, task, stop), answer]);
      return await answer;
    } finally {
      await thread.terminate();
    }
  }

  private async feed(thread: Worker, task: PolicyTask, stop: AbortSignal): Promise<void> {
    const send = (message: ToPolicyThread) => thread.postMessage(message);
    for await (const clients of liveClients(this.broker.sessions)) {
      if (stop.aborted) return;
      send({ type: 'clients', clients });
    }
    send({ type: 'run', task });
  }
}

function answerOf(thread: Worker, stop: AbortSignal, listener: TaskListener): Promise<unknown> {
  return new Promise((resolve, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
    thread.on('message', (message: FromPolicyThread) => {
      if (message.type === 'done') resolve(message.result);
      else listener.progress?.({ done: message.done, total: message.total });
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`The thread ended with ${code} before it answered.`)));
  });
}
