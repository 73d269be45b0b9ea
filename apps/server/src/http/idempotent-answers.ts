import { hash } from 'node:crypto';
import { RecentMap } from '../policy/recent-map.js';
import { ApiError } from './api-error.js';

/** How many answers are remembered, and for how long. */
export interface IdempotencyLimits {
  readonly callers: number;
  readonly keysPerCaller: number;
  readonly ttlMs: number;
}

export const usualIdempotencyLimits: IdempotencyLimits = { callers: 1_000, keysPerCaller: 1_000, ttlMs: 600_000 };

/** Who asks, with which key, for what. */
export interface IdempotentRequest {
  /** Whose key it is: another's key of the same name is another key. */
  readonly caller: string;
  /** The header, or undefined where there is none. */
  readonly key: string | string[] | undefined;
  /** All that makes the request what it is. */
  readonly body: unknown;
}

interface Entry<Answer> {
  readonly digest: string;
  readonly until: number;
  readonly answer: Promise<Answer>;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Does once what is asked for twice with one `Idempotency-Key`. In memory; what failed is not remembered. */
export class IdempotentAnswers<Answer> {
  private readonly callers: RecentMap<string, RecentMap<string, Entry<Answer>>>;

  constructor(
    private readonly limits: IdempotencyLimits = usualIdempotencyLimits,
    private readonly uptime: () => number = () => performance.now(),
  ) {
    this.callers = new RecentMap(limits.callers);
  }

  /** The answer to the first request with this key, given again; 409 where that one wanted something else. */
  once({ caller, key, body }: IdempotentRequest, run: () => Promise<Answer>): Promise<Answer> {
    if (key === undefined) return run();
    if (typeof key !== 'string' || !KEY.test(key)) throw badKey();
    const keys = this.keysOf(caller);
    const digest = hash('sha256', JSON.stringify(body), 'base64');
    const known = keys.get(key);
    if (known && known.until > this.uptime()) {
      if (known.digest === digest) return known.answer;
      throw new ApiError('idempotency-conflict', 'This Idempotency-Key came with another request before.');
    }
    const answer = run();
    const entry = { digest, until: this.uptime() + this.limits.ttlMs, answer };
    keys.set(key, entry);
    answer.catch(() => {
      if (keys.peek(key) === entry) keys.delete(key);
    });
    return answer;
  }

  private keysOf(caller: string): RecentMap<string, Entry<Answer>> {
    let keys = this.callers.get(caller);
    if (!keys) this.callers.set(caller, (keys = new RecentMap(this.limits.keysPerCaller)));
    return keys;
  }
}

function badKey(): ApiError {
  return new ApiError('bad-request', 'The Idempotency-Key cannot be used.', {
    errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 printable characters of ASCII without spaces' }],
  });
}
