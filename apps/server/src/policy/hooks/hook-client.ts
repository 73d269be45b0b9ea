import { type Clock, Unanswered } from '@perch/broker';
import { BoundedQueue } from '../bounded-queue.js';
import { type BreakerLimits, CircuitBreaker, usualBreakerLimits } from './circuit-breaker.js';
import { readBody, reasonOf } from './read-body.js';

const LARGEST_ANSWER_BYTES = 64 * 1024;
const JSON_TYPE: [string, string] = ['content-type', 'application/json'];

/** A server that is asked, and how much. */
export interface HookTarget {
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: { readonly value?: string } }[];
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly waiting: number;
}

/** What it is asked: a body to post, this JSON as it is with headers of its own, or a query to get. */
export type HookQuestion =
  | { readonly json: object }
  | { readonly text: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly query: Readonly<Record<string, string>> };

/** What it answered, or why there is no answer that could be used. */
export type HookAnswer =
  { readonly status: number; readonly body: string } | { readonly problem: string; readonly isBusy: boolean };

/** There was no answer that could be used. It has been told already, once for the whole outage. */
export class HookFailure extends Unanswered {}

/** What the client tells of itself. */
export interface HookClientOptions {
  readonly clock: Pick<Clock, 'uptime'>;
  /** It has begun to fail, or with null to answer again. */
  readonly changed: (problem: string | null) => void;
  /** When it is left alone; left out, as usual. */
  readonly breaker?: BreakerLimits;
  /** The status says it all: a body that is too long is no failure. */
  readonly cutsBodies?: true;
}

/** Asks one server, a bounded number of questions at a time, and leaves it alone while it fails. Never rejects. */
export class HookClient {
  private readonly queue: BoundedQueue;
  private readonly breaker: CircuitBreaker;
  private failure: string | null = null;

  constructor(
    private readonly target: HookTarget,
    private readonly options: HookClientOptions,
  ) {
    this.queue = new BoundedQueue(target.concurrency, target.waiting);
    this.breaker = new CircuitBreaker(options.clock, options.breaker ?? usualBreakerLimits);
  }

  /** Why the last question was not answered, or null when it was. */
  get problem(): string | null {
    return this.failure;
  }

  /** It fails again and again, and is asked only now and then. */
  get isLeftAlone(): boolean {
    return this.breaker.isOpen;
  }

  ask(question: HookQuestion): Promise<HookAnswer> {
    const answer = this.queue.run(() => this.askNow(question));
    return answer ?? Promise.resolve({ problem: 'Too many questions wait already.', isBusy: true });
  }

  private async askNow(question: HookQuestion): Promise<HookAnswer> {
    if (!this.breaker.admits()) return { problem: this.failure ?? 'It fails.', isBusy: false };
    try {
      const answer = await this.exchange(question);
      this.breaker.succeeded();
      this.tell(null);
      return answer;
    } catch (error) {
      const problem = reasonOf(error);
      this.breaker.failed();
      this.tell(problem);
      return { problem, isBusy: false };
    }
  }

  private async exchange(question: HookQuestion): Promise<HookAnswer> {
    const { url, headers, timeoutMs } = this.target;
    const response = await fetch('query' in question ? withQuery(url, question.query) : url, {
      method: 'query' in question ? 'GET' : 'POST',
      headers: [
        ...('json' in question || 'text' in question ? [JSON_TYPE] : []),
        ...('text' in question ? Object.entries(question.headers) : []),
        ...headers.map(({ name, value }): [string, string] => [name, value.value ?? '']),
      ],
      body: bodyOf(question),
      // Credentials go to the address that was set and to no other.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await readBody(response, LARGEST_ANSWER_BYTES, this.options.cutsBodies);
    if (response.status >= 500 || response.status === 429) throw new Error(`It answered ${response.status}.`);
    return { status: response.status, body };
  }

  private tell(problem: string | null): void {
    const hasChanged = (problem === null) !== (this.failure === null);
    this.failure = problem;
    if (hasChanged) this.options.changed(problem);
  }
}

function bodyOf(question: HookQuestion): string | URLSearchParams | null {
  if ('query' in question) return null;
  if ('text' in question) return question.text;
  // URLSearchParams brings its own content type.
  return 'json' in question ? JSON.stringify(question.json) : new URLSearchParams(question.form);
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value);
  return whole.href;
}
