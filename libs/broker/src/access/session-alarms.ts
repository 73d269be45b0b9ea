import type { Agenda } from '../agenda.js';
import type { StopTimer } from '../ports/clock.js';
import type { Session } from '../session.js';

/** Something that is to be done about a session at a moment: one at a time for each. */
export class SessionAlarms {
  private readonly stops = new Map<Session, StopTimer>();

  constructor(private readonly agenda: Agenda) {}

  /** In place of the one before. `at` is in ms since the epoch; null for none. */
  set(session: Session, at: number | null, ring: () => void): void {
    this.forget(session);
    if (at === null) return;
    const run = () => {
      this.stops.delete(session);
      ring();
    };
    this.stops.set(session, this.agenda.at(at, run));
  }

  forget(session: Session): void {
    if (this.stops.size === 0) return;
    this.stops.get(session)?.();
    this.stops.delete(session);
  }

  forgetAll(): void {
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
  }
}
