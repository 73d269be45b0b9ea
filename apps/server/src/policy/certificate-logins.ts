import type { Clock } from '@perch/broker';
import type { AccountReader } from './account-reader.js';
import { accepted, refused } from './authentication.js';
import type { Decision } from './authenticators/answer.js';
import { RecentMap } from './recent-map.js';
import { type Arrival, refusalOf, type UserTerms } from './user-terms.js';

/** What log-ins by certificate are made with. */
export interface CertificateLoginsOptions {
  readonly accounts: AccountReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly cachedUsers: number;
  readonly report: (error: unknown) => void;
}

/** Lets users in whom a verified certificate names: who exists, and whose terms allow it, needs no password. */
export class CertificateLogins {
  /** Who came in before comes in while the database is away. */
  private readonly known: RecentMap<string, UserTerms>;

  constructor(private readonly options: CertificateLoginsOptions) {
    this.known = new RecentMap(options.cachedUsers);
  }

  /** Decides over a client that is the user of this name. */
  authenticate(username: string, arrival: Arrival): Decision | Promise<Decision> {
    const known = this.known.get(username);
    if (known) return this.decide(username, arrival, known);
    const answer = this.options.accounts.read(username, (account) => {
      if (!account) return refused('not-authorized');
      this.known.set(username, account.terms);
      return this.decide(username, arrival, account.terms);
    });
    if (!answer) return refused('server-busy');
    return answer.catch((error: unknown) => {
      this.options.report(error);
      return refused('unavailable');
    });
  }

  /** The user has changed: to be looked at again. */
  forget(username: string): void {
    this.known.delete(username);
  }

  private decide(username: string, arrival: Arrival, terms: UserTerms): Decision {
    const refusal = refusalOf(terms, arrival, this.options.clock.now());
    return refusal ? refused(refusal) : accepted(username, terms);
  }
}
