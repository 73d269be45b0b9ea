import type { Watched } from './keep-alive.js';
import type { Refusal } from './refusal.js';

/** A connection that may not have been let in yet. */
export interface Entrant {
  /** Nobody has been let in yet. */
  readonly isPending: boolean;
  refuse(refusal: Refusal): void;
}

/** Ends a link whose client was not let in in time, whatever it sends meanwhile. */
export class EntryDeadline implements Watched {
  constructor(
    private readonly entrant: Entrant,
    readonly lastReceivedAt: number,
  ) {}

  get isClosed(): boolean {
    return !this.entrant.isPending;
  }

  expired(): void {
    this.entrant.refuse('connect-timeout');
  }
}
