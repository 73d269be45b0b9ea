import { Injectable } from '@nestjs/common';
import { networkOf } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import { AttemptLimiter } from '../../policy/attempt-limiter.js';
import { BoundedQueue } from '../../policy/bounded-queue.js';

/** Who tries, and as whom. */
export interface LoginAttempt {
  readonly address: string;
  readonly name: string;
}

const windowMs = 5 * 60_000;

/** Slows down guessing: by name from one address, and from one address over all names. Passwords are checked one at a time. */
@Injectable()
export class LoginThrottle {
  private readonly byName = new AttemptLimiter({ attempts: 5, windowMs, keys: 10_000 });
  private readonly byAddress = new AttemptLimiter({ attempts: 50, windowMs, keys: 10_000 });
  private readonly queue = new BoundedQueue(1, 32);

  /** Runs the check unless there were too many before; null counts as a failure. 429 with Retry-After. */
  async run<Result>(attempt: LoginAttempt, check: () => Promise<Result | null>): Promise<Result | null> {
    const address = networkOf(attempt.address);
    const name = `${address} ${attempt.name}`;
    this.assertFree(Math.max(this.byName.blockedForMs(name), this.byAddress.blockedForMs(address)));
    // Counted before the check, so that attempts at the same time do not all slip through.
    this.byName.count(name);
    this.byAddress.count(address);
    const result = await (this.queue.run(check) ?? tooMany(1_000));
    if (result === null) return null;
    this.byName.forget(name);
    // Only failures count against an address: a whole office may sit behind one.
    this.byAddress.giveBack(address);
    return result;
  }

  private assertFree(blockedForMs: number): void {
    if (blockedForMs > 0) tooMany(blockedForMs);
  }
}

function tooMany(retryAfterMs: number): never {
  const seconds = Math.ceil(retryAfterMs / 1000);
  throw new ApiError('too-many-attempts', `Try again in ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
