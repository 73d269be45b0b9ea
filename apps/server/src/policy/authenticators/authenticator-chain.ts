import type { Authentication, AuthenticationExchange, Authenticator, Credentials } from '@perch/broker';
import { type Answer, refusedBecause, refusedByAll } from './answer.js';
import { type AnswerCounts, count, noCounts } from './chain-counts.js';
import type { ChainMember } from './chain-member.js';

/** What the chain asks of the world. */
export interface AuthenticatorChainOptions {
  /** Begins an enhanced authentication, where the chain as it is has somebody who can. */
  readonly begin: (method: string, client: Omit<Credentials, 'password'>) => AuthenticationExchange | null;
  readonly report: (error: unknown) => void;
}

interface Link {
  readonly member: ChainMember;
  readonly counts: AnswerCounts;
}

/**
 * Asks one authenticator after the other until one decides; nobody does: refused. Answers without a promise where the
 * members do, so that who comes back costs what the one member costs that knows it.
 */
export class AuthenticatorChain implements Authenticator {
  private links: readonly Link[] = [];

  constructor(private readonly options: AuthenticatorChainOptions) {}

  /** Asks these from now on. */
  use(members: readonly ChainMember[]): void {
    this.links = members.map((member) => ({ member, counts: noCounts() }));
  }

  authenticate(credentials: Credentials): Authentication | Promise<Authentication> {
    return this.askFrom(0, credentials, this.links);
  }

  begin(method: string, client: Omit<Credentials, 'password'>): AuthenticationExchange | null {
    return this.options.begin(method, client);
  }

  /** Whatever the members remember of this user name, or of everybody, no longer counts. */
  forget(username: string | null): void {
    for (const { member } of this.links) member.forget(username);
  }

  /** What each member said so far, and what keeps it from answering. */
  status(): readonly (AnswerCounts & { readonly id: string; readonly problem: string | null })[] {
    return this.links.map(({ member, counts }) => ({ id: member.id, ...counts, problem: member.problem }));
  }

  private askFrom(
    start: number,
    credentials: Credentials,
    links: readonly Link[],
  ): Authentication | Promise<Authentication> {
    for (let i = start; i < links.length; i++) {
      const link = links[i];
      if (!link || link.member.passes(credentials) !== null) continue;
      const answer = link.member.ask(credentials, isLastFor(credentials, links, i));
      if (answer instanceof Promise) {
        return answer
          .catch((error: unknown): Answer => {
            this.options.report(error);
            return refusedBecause('unavailable', 'The authenticator failed.');
          })
          .then((settled) => this.settled(settled, i, { credentials, links }));
      }
      count(link.counts, answer);
      if (answer.accepted !== null) return answer;
    }
    return refusedByAll(credentials.username === null && credentials.password === null);
  }

  private settled(
    answer: Answer,
    at: number,
    { credentials, links }: { readonly credentials: Credentials; readonly links: readonly Link[] },
  ): Authentication | Promise<Authentication> {
    // The chain was changed meanwhile: nobody comes in by one that is no more.
    if (links !== this.links) return this.authenticate(credentials);
    const link = links[at];
    if (link) count(link.counts, answer);
    return answer.accepted === null ? this.askFrom(at + 1, credentials, links) : answer;
  }
}

function isLastFor(credentials: Credentials, links: readonly Link[], at: number): boolean {
  for (let i = at + 1; i < links.length; i++) if (links[i]?.member.passes(credentials) === null) return false;
  return true;
}
