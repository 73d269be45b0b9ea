import type { Journal } from './journal.js';
import type { Ledger } from './ledger.js';

/** What all players share. */
export interface Stage {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string };
  /** settle in: everybody comes and stays · play · drain: everybody comes and stays, nothing new · leave: for good */
  readonly act: 'settle-in' | 'play' | 'drain' | 'leave';
  /** How likely each packet is the last one of its link. */
  readonly cutProbability: number;
}

/** A device that takes part. */
export interface Player {
  readonly name: string;
  /** It is online, and every subscription is granted. */
  readonly isReady: boolean;
  /** And nothing that it has begun is unfinished. */
  readonly isIdle: boolean;
  /** Resolves when it has left for good, which it does in the last act. */
  readonly done: Promise<void>;
}
