import type { Counters } from '../counters.js';
import type { Clock } from '../ports/clock.js';
import type { Refusal } from '../refusal.js';
import { Admission, type AdmissionLimits } from './admission.js';

/** A link and its protocol, from accept to close. */
export interface Connection {
  /** Textual IP address of the peer, or null. */
  readonly address: string | null;
  /** Tells the peer why, as far as its protocol can, and ends the link. */
  end(refusal: Refusal): void;
}

/** What connections are counted with. */
export interface ConnectionsContext {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limits: AdmissionLimits;
}

/** Every connection that there is, let in or not yet. */
export class Connections {
  readonly admission: Admission;
  private readonly all = new Set<Connection>();
  private isClosing = false;

  constructor(private readonly context: ConnectionsContext) {
    this.admission = new Admission(context.limits, context.clock.uptime());
  }

  /** Counts a new one in; a refusal when it may not stay. */
  add(connection: Connection): Refusal | null {
    if (this.isClosing) return 'server-shutting-down';
    const refusal = this.admission.linked(connection.address, this.context.clock.uptime());
    if (refusal) return refusal;
    this.all.add(connection);
    this.context.counters.linksOpened++;
    return null;
  }

  remove(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    this.admission.left(connection.address);
    this.context.counters.linksClosed++;
  }

  /** Ends them all, and takes no more. */
  endAll(refusal: Refusal): void {
    this.isClosing = true;
    for (const connection of [...this.all]) connection.end(refusal);
  }
}
