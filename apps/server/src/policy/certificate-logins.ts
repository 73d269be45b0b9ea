import type { Authentication } from '@perch/broker';
import type { AccountReader } from './account-reader.js';
import { accepted, refused } from './authentication.js';
import { RecentMap } from './recent-map.js';

/** Lets users in whom a verified certificate names: who exists and is enabled needs no password. */
export class CertificateLogins {
  /** Who came in before comes in while the database is away. */
  private readonly known: RecentMap<string, true>;

  constructor(
    private readonly accounts: AccountReader,
    private readonly options: { readonly cachedUsers: number; readonly report: (error: unknown) => void },
  ) {
    this.known = new RecentMap(options.cachedUsers);
  }

  /** Decides over the user of this name. */
  authenticate(username: string): Authentication | Promise<Authentication> {
    if (this.known.get(username)) return accepted(username);
    const answer = this.accounts.read(username, (account) => {
      if (!account) return refused('not-authorized');
      if (account.disabled) return refused('banned');
      this.known.set(username, true);
      return accepted(username);
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
}
