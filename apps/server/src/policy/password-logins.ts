import { availableParallelism } from 'node:os';
import type { Authentication, Clock } from '@perch/broker';
import { BoundedQueue } from './bounded-queue.js';
import { CredentialCache } from './credential-cache.js';
import type { StoredCredentials } from './credential-store.js';
import type { LoginAttempt, LoginGuard } from './login-guard.js';
import { RecentMap } from './recent-map.js';
import { accepted, refused } from './authentication.js';

/** What log-ins by password ask of the world. */
export interface PasswordLoginsOptions {
  readonly guard: LoginGuard;
  readonly clock: Pick<Clock, 'uptime'>;
  /** Rejects when the users cannot be read now. */
  readonly find: (username: string) => Promise<StoredCredentials | null>;
  /** Same work for a null hash. */
  readonly verify: (passwordHash: string | null, password: Buffer) => Promise<boolean>;
  /** Told of each password that was verified, with what it was verified against. Must not throw. */
  readonly verified: (username: string, password: Buffer, stored: StoredCredentials) => void;
  readonly report: (error: unknown) => void;
  readonly limits: PasswordLimits;
}

export interface PasswordLimits {
  readonly cachedUsers: number;
  readonly verifyingAtOnce: number;
  readonly waiting: number;
  /** Wrong credentials that are remembered. */
  readonly wrongCredentials: number;
  /** How long wrong credentials are refused again without another look. */
  readonly wrongForMs: number;
}

export const usualPasswordLimits: PasswordLimits = {
  cachedUsers: 100_000,
  // More would only take turns: libuv has four threads for this by default.
  verifyingAtOnce: Math.min(4, availableParallelism()),
  // At 36 ms each the last one waits a few seconds, less than a client's patience.
  waiting: 256,
  wrongCredentials: 10_000,
  wrongForMs: 10_000,
};

/** Longer names belong to nobody, and would cost memory to remember. */
const LONGEST_NAME = 256;

/** Credentials that are being looked at. */
interface Verification {
  readonly attempt: LoginAttempt;
  readonly password: Buffer;
  readonly digest: string;
  /** The user changed meanwhile: what was read may be the past. */
  isStale: boolean;
}

/**
 * Lets users in by name and password. Who was let in before with the same password is answered at once, also while the
 * database is away. Floods are refused, never queued without bound.
 */
export class PasswordLogins {
  private readonly cache: CredentialCache;
  private readonly queue: BoundedQueue;
  /** A device that repeats its one wrong password guesses nothing, and is not to cost a hash each time. */
  private readonly wrong: RecentMap<string, { readonly username: string; readonly at: number }>;
  /** By what was shown, so that a thousand devices of one user cost one hash. */
  private readonly underway = new Map<string, { subject: Verification; outcome: Promise<Authentication> }>();

  constructor(private readonly options: PasswordLoginsOptions) {
    const { limits } = options;
    this.cache = new CredentialCache(limits.cachedUsers);
    this.queue = new BoundedQueue(limits.verifyingAtOnce, limits.waiting);
    this.wrong = new RecentMap(limits.wrongCredentials);
  }

  /** Decides, at once where the answer is known. */
  authenticate(attempt: LoginAttempt, password: Buffer): Authentication | Promise<Authentication> {
    const { guard } = this.options;
    const digest = this.cache.digestOf(attempt.username, password);
    // Before the guard: one broken device must not keep its neighbours behind the same address out.
    if (this.cache.holds(attempt.username, digest)) {
      guard.succeeded(attempt);
      return accepted(attempt.username);
    }
    if (this.isKnownWrong(digest)) return refused(guard.refusalOf(attempt) ?? 'bad-credentials');
    const subject = { attempt, password, digest, isStale: false };
    const admission = guard.admit(attempt);
    if (typeof admission === 'string') return refused(admission);
    if (admission === null) return this.verified(subject);
    return admission.then((refusal) => (refusal ? refused(refusal) : this.verified(subject)));
  }

  /** The user's password or state has changed: whatever was known of them no longer counts. */
  forget(username: string): void {
    this.cache.forget(username);
    this.wrong.deleteWhere((credentials) => credentials.username === username);
    for (const { subject } of this.underway.values()) if (subject.attempt.username === username) subject.isStale = true;
  }

  private isKnownWrong(digest: string): boolean {
    const known = this.wrong.get(digest);
    return known !== undefined && this.options.clock.uptime() - known.at < this.options.limits.wrongForMs;
  }

  private verified(subject: Verification): Authentication | Promise<Authentication> {
    const outcome = this.verification(subject);
    return outcome?.then((answer) => this.noted(answer, subject)) ?? refused('server-busy');
  }

  private noted(answer: Authentication, { attempt }: Verification): Authentication {
    if (answer.accepted) this.options.guard.succeeded(attempt);
    return answer;
  }

  /** What was tried before is no further guess. */
  private noteWrong({ attempt, digest }: Verification): void {
    if (!this.wrong.get(digest)) this.options.guard.failed(attempt);
    const { username } = attempt;
    if (username.length <= LONGEST_NAME) this.wrong.set(digest, { username, at: this.options.clock.uptime() });
  }

  private verification(subject: Verification): Promise<Authentication> | null {
    const { digest } = subject;
    const running = this.underway.get(digest);
    if (running) return running.outcome;
    const outcome = this.queue.run(() => this.verify(subject))?.finally(() => this.underway.delete(digest));
    if (!outcome) return null;
    this.underway.set(digest, { subject, outcome });
    return outcome;
  }

  private async verify(subject: Verification): Promise<Authentication> {
    try {
      // Asked again when its turn has come: guesses made at the same time do not all slip through.
      const refusal = this.options.guard.refusalOf(subject.attempt);
      if (refusal) return refused(refusal);
      for (;;) {
        subject.isStale = false;
        const answer = await this.check(subject);
        if (subject.isStale) continue;
        if (answer.accepted) this.cache.remember(subject.attempt.username, subject.digest);
        else if (answer.refusal === 'bad-credentials') this.noteWrong(subject);
        return answer;
      }
    } catch (error) {
      this.options.report(error);
      return refused('unavailable');
    }
  }

  private async check({ attempt: { username }, password }: Verification): Promise<Authentication> {
    const stored = await this.options.find(username);
    const matches = await this.options.verify(stored?.passwordHash ?? null, password);
    if (!stored || !matches) return refused('bad-credentials');
    if (stored.disabled) return refused('banned');
    this.options.verified(username, password, stored);
    return accepted(username);
  }
}
