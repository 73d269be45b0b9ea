import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Clock, Refusal } from '@perch/broker';
import { BoundedQueue } from './bounded-queue.js';
import { CredentialCache } from './credential-cache.js';
import type { StoredCredentials } from './credential-store.js';
import type { LoginAttempt, LoginGuard } from './login-guard.js';
import { RecentMap } from './recent-map.js';
import { accepted, refused } from './authentication.js';
import type { Decision } from './authenticators/answer.js';
import { type Arrival, isGuess, refusalOf, type UserTerms } from './user-terms.js';

/** What log-ins by password ask of the world. */
export interface PasswordLoginsOptions {
  readonly guard: LoginGuard;
  readonly clock: Pick<Clock, 'now' | 'uptime'>;
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

/** Who tries to log in, from where, and with which client id. */
export type ClientAttempt = LoginAttempt & Arrival;

interface WrongCredentials {
  readonly username: string;
  readonly refusal: Refusal;
  readonly at: number;
}

/** Credentials that are being looked at. */
interface Verification {
  readonly attempt: ClientAttempt;
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
  private readonly wrong: RecentMap<string, WrongCredentials>;
  /** By what was shown, so that a thousand devices of one user cost one hash. */
  private readonly underway = new Map<string, { subject: Verification; outcome: Promise<UserTerms | Refusal> }>();

  constructor(private readonly options: PasswordLoginsOptions) {
    const { limits } = options;
    this.cache = new CredentialCache(limits.cachedUsers);
    this.queue = new BoundedQueue(limits.verifyingAtOnce, limits.waiting);
    this.wrong = new RecentMap(limits.wrongCredentials);
  }

  /** Decides, at once where the answer is known. */
  authenticate(attempt: ClientAttempt, password: Buffer): Decision | Promise<Decision> {
    const { guard } = this.options;
    const digest = this.cache.digestOf(attempt.username, password);
    const terms = this.cache.find(attempt.username, digest);
    // Before the guard: one broken device must not keep its neighbours behind the same address out. Who does not fit the
    // terms waits for a hash like everybody who is wrong: a quick answer would tell that the password is right.
    if (terms && this.refusalOf(attempt, terms) === null) {
      guard.succeeded(attempt);
      return accepted(attempt.username, terms);
    }
    const known = this.knownRefusal(digest) ?? this.knownRefusal(misfit(attempt, digest));
    if (known) return refused(guard.refusalOf(attempt) ?? known);
    const subject = { attempt, password, digest, isStale: false };
    const admission = guard.admit(attempt);
    if (typeof admission === 'string') return refused(admission);
    if (admission === null) return this.verified(subject);
    return admission.then((refusal) => (refusal ? refused(refusal) : this.verified(subject)));
  }

  /** The password or the terms of these users have changed: whatever was known of them no longer counts. */
  forget(usernames: ReadonlySet<string>): void {
    for (const username of usernames) this.cache.forget(username);
    this.wrong.deleteWhere(({ username }) => usernames.has(username));
    for (const { subject } of this.underway.values())
      if (usernames.has(subject.attempt.username)) subject.isStale = true;
  }

  /** Why what was tried a moment ago was refused. */
  private knownRefusal(tried: string): Refusal | null {
    const known = this.wrong.get(tried);
    const isRecent = known && this.options.clock.uptime() - known.at < this.options.limits.wrongForMs;
    return isRecent ? known.refusal : null;
  }

  private verified(subject: Verification): Decision | Promise<Decision> {
    const outcome = this.verification(subject);
    return outcome?.then((answer) => this.decided(answer, subject)) ?? refused('server-busy');
  }

  /** The same credentials may be right for one client and wrong for another. */
  private decided(outcome: UserTerms | Refusal, { attempt, digest }: Verification): Decision {
    if (typeof outcome === 'string') return refused(outcome);
    const refusal = this.refusalOf(attempt, outcome);
    if (refusal === null) {
      this.options.guard.succeeded(attempt);
      return accepted(attempt.username, outcome);
    }
    if (isGuess(refusal)) this.noteWrong(attempt, misfit(attempt, digest), refusal);
    return refused(refusal);
  }

  private refusalOf(attempt: ClientAttempt, terms: UserTerms): Refusal | null {
    return refusalOf(terms, attempt, this.options.clock.now());
  }

  /** What was tried before is no further guess. */
  private noteWrong(attempt: ClientAttempt, tried: string, refusal: Refusal): void {
    if (!this.wrong.get(tried)) this.options.guard.failed(attempt);
    const { username } = attempt;
    if (username.length > LONGEST_NAME) return;
    this.wrong.set(tried, { username, refusal, at: this.options.clock.uptime() });
  }

  private verification(subject: Verification): Promise<UserTerms | Refusal> | null {
    const { digest } = subject;
    const running = this.underway.get(digest);
    if (running) return running.outcome;
    const outcome = this.queue.run(() => this.verify(subject))?.finally(() => this.underway.delete(digest));
    if (!outcome) return null;
    this.underway.set(digest, { subject, outcome });
    return outcome;
  }

  private async verify(subject: Verification): Promise<UserTerms | Refusal> {
    const { attempt, digest } = subject;
    try {
      // Asked again when its turn has come: guesses made at the same time do not all slip through.
      const refusal = this.options.guard.refusalOf(attempt);
      if (refusal) return refusal;
      for (;;) {
        subject.isStale = false;
        const terms = await this.check(subject);
        if (subject.isStale) continue;
        if (terms) this.cache.remember(attempt.username, digest, terms);
        else this.noteWrong(attempt, digest, 'bad-credentials');
        return terms ?? 'bad-credentials';
      }
    } catch (error) {
      this.options.report(error);
      return 'unavailable';
    }
  }

  /** The terms of the user whose password this is; null when it is nobody's. */
  private async check({ attempt: { username }, password }: Verification): Promise<UserTerms | null> {
    const stored = await this.options.find(username);
    const matches = await this.options.verify(stored?.passwordHash ?? null, password);
    if (!stored || !matches) return null;
    this.options.verified(username, password, stored);
    return stored.terms;
  }
}

/** What stands for right credentials that do not go with this client. */
function misfit({ clientId, address }: ClientAttempt, digest: string): string {
  return `${digest} ${address ?? ''} ${hash('sha512-256', clientId, 'base64')}`;
}
