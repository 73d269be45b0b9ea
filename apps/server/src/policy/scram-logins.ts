import type { AuthenticationExchange, AuthenticationStep, Clock, Credentials, Refusal } from '@perch/broker';
import type { AccountReader } from './account-reader.js';
import type { StoredCredentials } from './credential-store.js';
import type { LoginAttempt, LoginGuard } from './login-guard.js';
import { RecentMap } from './recent-map.js';
import { decoyScramKeys, parseScramKeys, type ScramKeys } from './scram-keys.js';
import { ScramServer } from './scram-server.js';
import { freeTerms, isGuess, principalOf, refusalOf, type UserTerms } from './user-terms.js';

/** What log-ins by SCRAM-SHA-256 are made with. */
export interface ScramLoginsOptions {
  readonly accounts: AccountReader;
  readonly guard: LoginGuard;
  readonly clock: Pick<Clock, 'now'>;
  /** What decoys are made from; the same after a restart, or they could be told from users. */
  readonly decoySecret: Buffer;
  readonly iterations: number;
  readonly cachedUsers: number;
  readonly report: (error: unknown) => void;
}

/** A user as SCRAM sees them. Without keys: nobody, or somebody whose keys are not known yet. */
interface ScramAccount {
  readonly keys: ScramKeys | null;
  readonly text: string | null;
  readonly terms: UserTerms;
}

export const SCRAM_METHOD = 'SCRAM-SHA-256';
const NOTHING = Buffer.alloc(0);

/** Lets users in who prove that they know their password without saying it. */
export class ScramLogins {
  private readonly known: RecentMap<string, ScramAccount>;

  constructor(private readonly options: ScramLoginsOptions) {
    this.known = new RecentMap(options.cachedUsers);
  }

  /** Begins an exchange with a client. */
  begin(client: Omit<Credentials, 'password'>): AuthenticationExchange {
    return new ScramExchange(this, client);
  }

  /** The user has changed: to be read again. */
  forget(username: string): void {
    this.known.delete(username);
  }

  get guard(): LoginGuard {
    return this.options.guard;
  }

  /**
   * The user as last read, for somebody who has logged in as them from there before. For nobody else: how fast the
   * answer comes must not tell whether there is such a user.
   */
  remembered(attempt: LoginAttempt): ScramAccount | undefined {
    return this.guard.isTrusted(attempt) ? this.known.get(attempt.username) : undefined;
  }

  /** Reads the user. Null when too many wait. */
  read(username: string): Promise<ScramAccount> | null {
    return this.options.accounts.read(username, (stored) => {
      const account = accountOf(stored);
      if (account.keys) this.known.set(username, account);
      return account;
    });
  }

  /** The keys of the account, or such that look like somebody's. */
  keysOf(username: string, { keys }: ScramAccount): ScramKeys {
    return keys ?? decoyScramKeys(this.options.decoySecret, username, this.options.iterations);
  }

  /** Whether the account is still what the exchange began with: at once where nothing has changed since. */
  current(username: string, account: ScramAccount): ScramAccount | Promise<ScramAccount> | null {
    return this.known.get(username) === account ? account : this.read(username);
  }

  /** Why the account does not let this client in now, or null. */
  refusalOf(account: ScramAccount, client: Omit<Credentials, 'password'>): Refusal | null {
    return refusalOf(account.terms, client, this.options.clock.now());
  }

  unavailable(error: unknown): AuthenticationStep {
    this.options.report(error);
    return refused('unavailable');
  }
}

/** One client's exchange: the guard and the users around the state machine. */
class ScramExchange implements AuthenticationExchange {
  private readonly server = new ScramServer();
  private attempt: LoginAttempt | null = null;
  private account: ScramAccount | null = null;
  private hasBegun = false;

  constructor(
    private readonly logins: ScramLogins,
    private readonly client: Omit<Credentials, 'password'>,
  ) {}

  step(data: Buffer | null): AuthenticationStep | Promise<AuthenticationStep> {
    if (this.attempt) return this.final(this.attempt, data ?? NOTHING);
    // A mechanism whose client speaks first is begun with an empty challenge (RFC 4422 section 3).
    const isAsked = data === null && !this.hasBegun;
    this.hasBegun = true;
    return isAsked ? { state: 'continue', data: NOTHING } : this.first(data ?? NOTHING);
  }

  private first(data: Buffer): AuthenticationStep | Promise<AuthenticationStep> {
    const message = this.server.first(data);
    if (!message) return refused('not-authorized');
    const { username, authorizationId } = message;
    // Nobody acts for somebody else here, nor comes in under two names.
    const names = [authorizationId, this.client.username];
    if (names.some((name) => name !== null && name !== username)) return refused('not-authorized');
    const attempt = { username, address: this.client.address };
    this.attempt = attempt;
    const admission = this.logins.guard.admit(attempt);
    if (typeof admission === 'string') return refused(admission);
    if (admission === null) return this.challenge(attempt);
    return admission.then((refusal) => (refusal ? refused(refusal) : this.challenge(attempt)));
  }

  private challenge(attempt: LoginAttempt): AuthenticationStep | Promise<AuthenticationStep> {
    const answer = (account: ScramAccount): AuthenticationStep => {
      this.account = account;
      return { state: 'continue', data: this.server.challenge(this.logins.keysOf(attempt.username, account)) };
    };
    const remembered = this.logins.remembered(attempt);
    if (remembered) return answer(remembered);
    const read = this.logins.read(attempt.username);
    return read?.then(answer).catch((error: unknown) => this.logins.unavailable(error)) ?? refused('server-busy');
  }

  private final(attempt: LoginAttempt, data: Buffer): AuthenticationStep | Promise<AuthenticationStep> {
    const { account } = this;
    this.account = null;
    // Asked again, and in one turn with the count: guesses made at the same time do not all slip through.
    const refusal = this.logins.guard.refusalOf(attempt);
    if (refusal) return refused(refusal);
    const proof = this.server.final(data);
    if (!account?.keys || !proof) {
      this.logins.guard.failed(attempt);
      return refused('bad-credentials');
    }
    const accept = (now: ScramAccount): AuthenticationStep =>
      this.accept(attempt, proof, now.text === account.text ? now : null);
    const now = this.logins.current(attempt.username, account);
    if (!(now instanceof Promise)) return now ? accept(now) : refused('server-busy');
    return now.then(accept).catch((error: unknown) => this.logins.unavailable(error));
  }

  /** The proof holds. What is left: whether it was for the password and the user as they are now. */
  private accept(attempt: LoginAttempt, proof: Buffer, account: ScramAccount | null): AuthenticationStep {
    if (!account) return refused('bad-credentials');
    const refusal = this.logins.refusalOf(account, this.client);
    if (refusal !== null) {
      if (isGuess(refusal)) this.logins.guard.failed(attempt);
      return refused(refusal);
    }
    this.logins.guard.succeeded(attempt);
    return { state: 'accepted', ...principalOf(attempt.username, account.terms), data: proof };
  }
}

function accountOf(stored: StoredCredentials | null): ScramAccount {
  const text = stored?.scramKeys ?? null;
  return { keys: parseScramKeys(text), text, terms: stored?.terms ?? freeTerms };
}

function refused(refusal: Refusal): AuthenticationStep {
  return { state: 'refused', refusal };
}
