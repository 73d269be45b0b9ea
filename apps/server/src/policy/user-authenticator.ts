import { availableParallelism } from 'node:os';
import type { Authentication, Authenticator, Credentials, Refusal } from '@perch/broker';
import { AttemptLimiter } from './attempt-limiter.js';
import { BoundedQueue } from './bounded-queue.js';
import { CredentialCache } from './credential-cache.js';
import type { StoredCredentials } from './credential-store.js';

/** What the authenticator asks of the world. */
export interface UserAuthenticatorOptions {
  readonly allowAnonymous: boolean;
  /** Rejects when the users cannot be read now. */
  find(username: string): Promise<StoredCredentials | null>;
  /** Same work for a null hash. */
  verify(passwordHash: string | null, password: Buffer): Promise<boolean>;
  report(error: unknown): void;
  readonly limits?: Partial<UserAuthenticatorLimits>;
}

export interface UserAuthenticatorLimits {
  readonly cachedUsers: number;
  readonly verifyingAtOnce: number;
  readonly waiting: number;
  readonly failuresPerAddress: number;
  readonly failureWindowMs: number;
  readonly addresses: number;
}

const usualLimits: UserAuthenticatorLimits = {
  cachedUsers: 100_000,
  // More would only take turns: libuv has four threads for this by default.
  verifyingAtOnce: Math.min(4, availableParallelism()),
  // At 36 ms each the last one waits a few seconds, less than a client's patience.
  waiting: 256,
  failuresPerAddress: 30,
  failureWindowMs: 60_000,
  addresses: 10_000,
};

/** Credentials that are being looked at. */
interface Verification {
  readonly username: string;
  readonly password: Buffer;
  readonly mac: Buffer;
  /** The user changed meanwhile: what was read may be the past. */
  isStale: boolean;
}

/**
 * Lets users in by name and password. Who was let in before with the same password is answered at once,
 * also while the database is away. Floods are refused, never queued without bound.
 */
export class UserAuthenticator implements Authenticator {
  private readonly limits: UserAuthenticatorLimits;
  private readonly cache: CredentialCache;
  private readonly queue: BoundedQueue;
  private readonly failures: AttemptLimiter;
  /** By what was shown, so that a thousand devices of one user cost one hash. */
  private readonly underway = new Map<string, { subject: Verification; outcome: Promise<Authentication> }>();

  constructor(private readonly options: UserAuthenticatorOptions) {
    this.limits = { ...usualLimits, ...options.limits };
    this.cache = new CredentialCache(this.limits.cachedUsers);
    this.queue = new BoundedQueue(this.limits.verifyingAtOnce, this.limits.waiting);
    this.failures = new AttemptLimiter({
      attempts: this.limits.failuresPerAddress,
      windowMs: this.limits.failureWindowMs,
      keys: this.limits.addresses,
    });
  }

  authenticate({ username, password, address }: Credentials): Authentication | Promise<Authentication> {
    if (username === null && password === null) return this.anonymous();
    if (username === null || password === null) return refused('bad-credentials');
    const mac = this.cache.macOf(username, password);
    if (this.cache.holds(username, mac)) return { accepted: true, username };
    // After the cache: one broken device must not keep its neighbours behind the same address out.
    const from = address ?? '';
    if (this.failures.blockedForMs(from) > 0) return refused('connection-rate-exceeded');
    const outcome = this.verification({ username, password, mac, isStale: false });
    return outcome?.then((answer) => this.noteFailure(answer, from)) ?? refused('server-busy');
  }

  /** The user's password or state has changed: whatever was known of them no longer counts. */
  forget(username: string): void {
    this.cache.forget(username);
    for (const { subject } of this.underway.values()) if (subject.username === username) subject.isStale = true;
  }

  private anonymous(): Authentication {
    return this.options.allowAnonymous ? { accepted: true, username: null } : refused('not-authorized');
  }

  private noteFailure(answer: Authentication, address: string): Authentication {
    if (!answer.accepted && answer.refusal === 'bad-credentials') this.failures.count(address);
    return answer;
  }

  private verification(subject: Verification): Promise<Authentication> | null {
    const key = subject.mac.toString('base64');
    const running = this.underway.get(key);
    if (running) return running.outcome;
    const outcome = this.queue.run(() => this.verify(subject))?.finally(() => this.underway.delete(key));
    if (!outcome) return null;
    this.underway.set(key, { subject, outcome });
    return outcome;
  }

  private async verify(subject: Verification): Promise<Authentication> {
    try {
      for (;;) {
        subject.isStale = false;
        const answer = await this.check(subject);
        if (subject.isStale) continue;
        if (answer.accepted) this.cache.remember(subject.username, subject.mac);
        return answer;
      }
    } catch (error) {
      this.options.report(error);
      return refused('unavailable');
    }
  }

  private async check({ username, password }: Verification): Promise<Authentication> {
    const stored = await this.options.find(username);
    const matches = await this.options.verify(stored?.passwordHash ?? null, password);
    if (!stored || !matches) return refused('bad-credentials');
    return stored.disabled ? refused('banned') : { accepted: true, username };
  }
}

function refused(refusal: Refusal): Authentication {
  return { accepted: false, refusal };
}
