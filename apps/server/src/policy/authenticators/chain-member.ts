import type { Credentials } from '@perch/broker';
import type { Answer } from './answer.js';

/** One authenticator of the chain, ready to be asked. */
export interface ChainMember {
  readonly id: string;
  /** Why these credentials are none of its business, or null when they are. Cheap, and asked for every client. */
  passes(credentials: Credentials): string | null;
  /**
   * Decides, at once where the answer is known. `isLast` says that nobody behind takes these credentials: whoever is not
   * known here is known nowhere. Rejects only by a bug.
   */
  ask(credentials: Credentials, isLast: boolean): Answer | Promise<Answer>;
  /** Whatever is remembered of this user name, or of everybody, no longer counts. */
  forget(username: string | null): void;
  /** What keeps the member from answering, in words; null while all is well. */
  readonly problem: string | null;
}
