import type { Refusal } from '@perch/broker';
import type { AccountReader } from './account-reader.js';
import { RecentMap } from './recent-map.js';

/** Longer names belong to nobody, and would cost memory to remember. */
const LONGEST_NAME = 256;

/** What knowing names is done with. */
export interface KnownNamesOptions {
  readonly accounts: AccountReader;
  readonly limit: number;
  readonly report: (error: unknown) => void;
}

/** Remembers which names are users and which are not, so that clients of other authenticators cost no look-up each. */
export class KnownNames {
  private readonly known: RecentMap<string, boolean>;

  constructor(private readonly options: KnownNamesOptions) {
    this.known = new RecentMap(options.limit);
  }

  /** Whether there is such a user, or why that cannot be told now. */
  has(username: string): boolean | Promise<boolean | Refusal> {
    if (username.length > LONGEST_NAME) return false;
    const known = this.known.get(username);
    if (known !== undefined) return known;
    const answer = this.options.accounts.read(username, (account) => {
      this.known.set(username, account !== null);
      return account !== null;
    });
    if (!answer) return Promise.resolve('server-busy');
    return answer.catch((error: unknown): Refusal => {
      this.options.report(error);
      return 'unavailable';
    });
  }

  /** The user has come to be, or has changed, or is no more. */
  forget(username: string): void {
    this.known.delete(username);
  }
}
