import type {
  Authentication,
  AuthenticationExchange,
  AuthenticationStep,
  Authenticator,
  Credentials,
} from '@perch/broker';
import { refused } from '../authentication.js';
import type { Ban, BanSubject } from './ban.js';
import type { BanList } from './ban-list.js';

/** Keeps out who is banned, before anything is asked of the others, and again by the name that a client has proved. */
export class BannedAuthenticator implements Authenticator {
  constructor(
    private readonly bans: Pick<BanList, 'find' | 'size'>,
    private readonly others: Authenticator,
    /** Told of each client that a ban kept out. */
    private readonly keptOut: (ban: Ban) => void,
  ) {}

  authenticate(credentials: Credentials): Authentication | Promise<Authentication> {
    if (this.isBanned(credentials)) return refused('banned');
    const outcome = this.others.authenticate(credentials);
    return outcome instanceof Promise
      ? outcome.then((authentication) => this.judged(authentication, credentials))
      : this.judged(outcome, credentials);
  }

  begin(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null {
    if (this.isBanned(client)) return { step: () => BANNED };
    const exchange = this.others.begin?.(method, client) ?? null;
    return exchange && { step: (data) => this.judgedStep(exchange.step(data), client) };
  }

  private judged(outcome: Authentication, client: BanSubject): Authentication {
    return outcome.accepted && this.isBannedAs(outcome.username, client) ? refused('banned') : outcome;
  }

  private judgedStep(
    step: AuthenticationStep | Promise<AuthenticationStep>,
    client: BanSubject,
  ): AuthenticationStep | Promise<AuthenticationStep> {
    if (step instanceof Promise) return step.then((made) => this.judgedStep(made, client));
    return step.state === 'accepted' && this.isBannedAs(step.username, client) ? BANNED : step;
  }

  /** Somebody may have been banned while they were looked at, or have proved to be somebody else. */
  private isBannedAs(username: string | null, client: BanSubject): boolean {
    return this.bans.size > 0 && this.isBanned({ ...client, username });
  }

  private isBanned(client: BanSubject): boolean {
    const ban = this.bans.find(client);
    if (ban) this.keptOut(ban);
    return ban !== null;
  }
}

const BANNED: AuthenticationStep = { state: 'refused', refusal: 'banned' };
