import type { Agenda } from '../agenda.js';
import type { StopTimer } from '../ports/clock.js';
import type { Session } from '../session.js';

/** Ends each connection when what its client was let in for is over. */
export class ConnectionEnds {
  private readonly stops = new Map<Session, StopTimer>();

  constructor(private readonly agenda: Agenda) {}

  /** The session is served from now on, or on other terms than before. */
  watch(session: Session): void {
    this.forget(session);
    const { validUntil } = session.options;
    if (validUntil === null) return;
    const end = () => {
      this.stops.delete(session);
      session.peer?.refuse('authorization-expired');
    };
    this.stops.set(session, this.agenda.at(validUntil, end));
  }

  /** Nobody serves it any more. */
  forget(session: Session): void {
    if (this.stops.size === 0) return;
    this.stops.get(session)?.();
    this.stops.delete(session);
  }
}
