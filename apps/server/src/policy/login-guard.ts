import { createHash } from 'node:crypto';
import type { Clock, Refusal } from '@perch/broker';
import { networkOf } from '@perch/policy';
import { AttemptLimiter } from './attempt-limiter.js';
import { RecentMap } from './recent-map.js';
import { WaitingRoom } from './waiting-room.js';

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  readonly username: string;
  readonly address: string | null;
}

/** A user that is kept out where too many wrong passwords came from. */
export interface LoginBan {
  /** An address, the /64 of an IPv6 one, or `local`. */
  readonly address: string;
  /** How long ago it began, and how long it holds still. */
  readonly ageMs: number;
  readonly leftMs: number;
}

export interface LoginLimits {
  /** Failures of one user from one address before that user is banned from there. */
  readonly failuresPerLogin: number;
  /** Failures from one address, over all users, before the address is banned. */
  readonly failuresPerAddress: number;
  /** How long failures are remembered, and how long a ban lasts. */
  readonly banMs: number;
  /** Failures that cost nothing; each further one doubles the delay. */
  readonly failuresBeforeDelay: number;
  readonly firstDelayMs: number;
  readonly delayLimitMs: number;
  /** Log-ins that are being delayed, in all and for each user and each address. */
  readonly delayed: number;
  readonly delayedPerKey: number;
  /** Users, addresses and pairs of them whose failures are remembered. */
  readonly keys: number;
  /** Users and the address they logged in from: those are trusted to come back. */
  readonly trusted: number;
}

export const usualLoginLimits: LoginLimits = {
  failuresPerLogin: 10,
  failuresPerAddress: 100,
  banMs: 5 * 60_000,
  failuresBeforeDelay: 3,
  firstDelayMs: 250,
  // Shorter than the ten seconds that a client has to introduce itself.
  delayLimitMs: 4_000,
  delayed: 512,
  delayedPerKey: 16,
  keys: 20_000,
  trusted: 100_000,
};

const LONGEST_PLAIN_KEY = 64;

/**
 * Slows guessing down and then bans the guesser: who fails often as one user from one address, or as many users from one
 * address. A user can be slowed down from everywhere, but banned from nowhere else than where the failures came from;
 * who has logged in from an address before is not banned with it. ADR 10 says why.
 */
export class LoginGuard {
  private readonly limits: LoginLimits;
  private readonly byLogin: AttemptLimiter;
  private readonly byAddress: AttemptLimiter;
  private readonly byUser: AttemptLimiter;
  private readonly trusted: RecentMap<string, true>;
  private readonly room: WaitingRoom;

  constructor(clock: Pick<Clock, 'uptime' | 'after'>, limits: Partial<LoginLimits> = {}) {
    this.limits = { ...usualLoginLimits, ...limits };
    const { banMs, keys, failuresPerLogin, failuresPerAddress } = this.limits;
    const newLimiter = (attempts: number) =>
      new AttemptLimiter({ attempts, windowMs: banMs, blockMs: banMs, keys }, () => clock.uptime());
    this.byLogin = newLimiter(failuresPerLogin);
    this.byAddress = newLimiter(failuresPerAddress);
    this.byUser = newLimiter(Number.POSITIVE_INFINITY);
    this.trusted = new RecentMap(this.limits.trusted);
    this.room = new WaitingRoom({ inAll: this.limits.delayed, perKey: this.limits.delayedPerKey }, clock);
  }

  /** Whether the attempt may be looked at: null at once, or after a delay; a refusal where it may not. */
  admit(attempt: LoginAttempt): Refusal | null | Promise<Refusal | null> {
    const refusal = this.refusalOf(attempt);
    if (refusal) return refusal;
    const delayMs = this.delayOf(attempt);
    if (delayMs === 0) return null;
    const { user, network } = keysOf(attempt);
    const wait = this.room.wait(delayMs, network === null ? [user] : [user, `from ${network}`]);
    // Others may have failed meanwhile.
    return wait?.then(() => this.refusalOf(attempt)) ?? 'server-busy';
  }

  /** Why the attempt may not be looked at now, or null. To be asked again after every wait. */
  refusalOf(attempt: LoginAttempt): Refusal | null {
    const { login, network } = keysOf(attempt);
    if (this.byLogin.blockedForMs(login) > 0) return 'banned';
    if (network === null || this.byAddress.blockedForMs(network) === 0) return null;
    return this.isTrusted(attempt) ? null : 'banned';
  }

  /** This user has logged in from this address before. */
  isTrusted(attempt: LoginAttempt): boolean {
    return this.trusted.get(keysOf(attempt).login) === true;
  }

  /** Counts a failed attempt. */
  failed(attempt: LoginAttempt): void {
    const { login, user, network } = keysOf(attempt);
    this.byLogin.count(login);
    this.byUser.count(user);
    if (network !== null) this.byAddress.count(network);
  }

  /**
   * Forgives what this user did wrong from this address. What the address did wrong as others stays: an attacker with
   * an account of their own must not be able to begin anew.
   */
  succeeded(attempt: LoginAttempt): void {
    const { login } = keysOf(attempt);
    this.byLogin.forget(login);
    this.trusted.set(login, true);
  }

  /** Forgets the failures of users: their passwords are others now. */
  forget(usernames: ReadonlySet<string>): void {
    const users = new Set([...usernames].map((username) => keysOf({ username, address: null }).user));
    for (const user of users) this.byUser.forget(user);
    this.byLogin.forgetWhere((login) => users.has(login.slice(0, userEnd(login))));
  }

  /** Where this user is banned now for having failed too often. Looks at all that is remembered. */
  bansOf(username: string): LoginBan[] {
    const { user } = keysOf({ username, address: null });
    const found: LoginBan[] = [];
    for (const { key, leftMs } of this.byLogin.blocked()) {
      const end = userEnd(key);
      if (key.slice(0, end) !== user) continue;
      found.push({ address: key.slice(end + 1), ageMs: this.limits.banMs - leftMs, leftMs });
    }
    return found;
  }

  /** Lifts the ban of the user at this address; null where there is none. What others did from there stays. */
  lift(username: string, address: string): LoginBan | null {
    const ban = this.bansOf(username).find((one) => one.address === networkOf(address)) ?? null;
    if (ban) this.byLogin.forget(keysOf({ username, address: ban.address }).login);
    return ban;
  }

  /** Bans the user at this address for so long, at the most as long as too many failures would. */
  ban(username: string, address: string, forMs: number): LoginBan {
    const leftMs = Math.min(forMs, this.limits.banMs);
    this.byLogin.block(keysOf({ username, address }).login, leftMs);
    return { address: networkOf(address), ageMs: this.limits.banMs - leftMs, leftMs };
  }

  private delayOf(attempt: LoginAttempt): number {
    const { login, user } = keysOf(attempt);
    const ownFailures = this.byLogin.countOf(login);
    // Strangers must not slow down who has been here before.
    const failures = this.isTrusted(attempt) ? ownFailures : Math.max(ownFailures, this.byUser.countOf(user));
    const beyond = failures - this.limits.failuresBeforeDelay;
    return beyond < 0 ? 0 : Math.min(this.limits.firstDelayMs * 2 ** beyond, this.limits.delayLimitMs);
  }
}

/** What attempts are counted by. The name of a user is hashed where it is long: anybody may send one of 64 KiB. */
function keysOf({ username, address }: LoginAttempt): { login: string; user: string; network: string | null } {
  const plain = JSON.stringify(username);
  const user = plain.length <= LONGEST_PLAIN_KEY ? plain : createHash('sha256').update(plain).digest('base64');
  const network = address === null ? null : networkOf(address);
  return { user, login: `${user} ${network ?? 'local'}`, network };
}

/** Where the user ends in the key of a log-in: a network has no space in it. */
function userEnd(login: string): number {
  return login.lastIndexOf(' ');
}
