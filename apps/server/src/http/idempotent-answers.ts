import { hash } from 'node:crypto';
import { ApiError } from './api-error.js';

/** How many answers are remembered, and for how long. One to a batch counts as many times as it has results. */
export interface IdempotencyLimits {
  readonly results: number;
  readonly resultsPerCaller: number;
  readonly ttlMs: number;
}

/** A result takes about 100 bytes. */
export const usualIdempotencyLimits: IdempotencyLimits = {
  results: 200_000,
  resultsPerCaller: 20_000,
  ttlMs: 600_000,
};

/** Who asks, with which key, for what. */
export interface IdempotentRequest {
  /** Whose key it is: another's key of the same name is another key. */
  readonly caller: string;
  /** The header, or undefined where there is none. */
  readonly key: string | string[] | undefined;
  /** All that makes the request what it is. */
  readonly body: unknown;
  /** How many results the answer will have. */
  readonly results: number;
}

interface Entry {
  readonly key: string;
  readonly digest: string;
  readonly until: number;
  readonly results: number;
  readonly answer: Promise<unknown>;
  readonly caller: Caller;
}

/** What is remembered for one caller: the answer given first comes first. */
interface Caller {
  readonly name: string;
  readonly entries: Map<string, Entry>;
  results: number;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Does once what is asked for twice with one `Idempotency-Key`. In memory, within bounds; what failed is not remembered. */
export class IdempotentAnswers {
  /** Results that are remembered. */
  results = 0;
  /** Requests that were answered from memory. */
  repeated = 0;
  /** Answers that were forgotten at a bound, before their time. */
  forgotten = 0;
  private readonly callers = new Map<string, Caller>();
  /** All of them; as each is remembered equally long, the first is the first that ends. */
  private readonly entries = new Set<Entry>();

  constructor(
    private readonly limits: IdempotencyLimits = usualIdempotencyLimits,
    private readonly uptime: () => number = () => performance.now(),
  ) {}

  /** The answer to the first request with this key, given again; 409 where that one wanted something else. */
  once<Answer>(request: IdempotentRequest, run: () => Promise<Answer>): Promise<Answer> {
    const { key, body, results } = request;
    if (key === undefined) return run();
    if (typeof key !== 'string' || !KEY.test(key)) throw badKey();
    this.forgetOld();
    const digest = hash('sha256', JSON.stringify(body), 'base64');
    const known = this.callers.get(request.caller)?.entries.get(key);
    if (known) {
      if (known.digest !== digest)
        throw new ApiError('idempotency-conflict', 'This Idempotency-Key came with another request before.');
      this.repeated++;
      // The same request runs the same way.
      return known.answer as Promise<Answer>;
    }
    const answer = run();
    const caller = this.callerOf(request.caller);
    const entry = { key, digest, until: this.uptime() + this.limits.ttlMs, results, answer, caller };
    this.remember(entry);
    answer.catch(() => this.forget(entry));
    return answer;
  }

  private callerOf(name: string): Caller {
    let caller = this.callers.get(name);
    if (!caller) this.callers.set(name, (caller = { name, entries: new Map(), results: 0 }));
    return caller;
  }

  private remember(entry: Entry): void {
    const { caller } = entry;
    caller.entries.set(entry.key, entry);
    this.entries.add(entry);
    caller.results += entry.results;
    this.results += entry.results;
    while (caller.results > this.limits.resultsPerCaller) this.giveUp(caller.entries.values());
    while (this.results > this.limits.results) this.giveUp(this.entries);
  }

  private giveUp(entries: Iterable<Entry>): void {
    this.forgotten++;
    for (const oldest of entries) return this.forget(oldest);
  }

  private forgetOld(): void {
    const now = this.uptime();
    for (const entry of this.entries) {
      if (entry.until > now) return;
      this.forget(entry);
    }
  }

  private forget(entry: Entry): void {
    if (!this.entries.delete(entry)) return;
    const { caller, key, results } = entry;
    caller.entries.delete(key);
    caller.results -= results;
    this.results -= results;
    if (caller.entries.size === 0) this.callers.delete(caller.name);
  }
}

function badKey(): ApiError {
  return new ApiError('bad-request', 'The Idempotency-Key cannot be used.', {
    errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 printable characters of ASCII without spaces' }],
  });
}
