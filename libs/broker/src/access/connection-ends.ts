import type { Agenda } from '../agenda.js';
import type { Session } from '../session.js';
import { SessionAlarms } from './session-alarms.js';

/** Ends each connection when what its client was let in for is over. */
export class ConnectionEnds {
  private readonly alarms: SessionAlarms;

  constructor(agenda: Agenda) {
    this.alarms = new SessionAlarms(agenda);
  }

  /** The session is served from now on, or on other terms than before. */
  watch(session: Session): void {
    this.alarms.set(session, session.options.validUntil, () => session.peer?.refuse('authorization-expired'));
  }

  /** Nobody serves it any more. */
  forget(session: Session): void {
    this.alarms.forget(session);
  }
}
