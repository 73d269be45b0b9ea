import { afterDelay } from './deadline.js';
import type { Clock, StopTimer } from './ports/clock.js';
import type { Session } from './session.js';

/** What happens to a session that nobody comes back to. */
export interface SessionDeadlinesOptions {
  readonly clock: Clock;
  readonly willDue: (session: Session) => void;
  readonly expired: (session: Session) => void;
}

/** A session that never expires [MQTT5 3.1.2.11.2]. */
export const FOR_EVER = 0xffff_ffff;

/** When the wills of offline sessions are due, and when the sessions end [MQTT5 3.1.2.11.2, 3.1.3.2.2]. */
export class SessionDeadlines {
  private readonly stops = new Map<Session, StopTimer[]>();

  constructor(private readonly options: SessionDeadlinesOptions) {}

  /** Begins to wait for the client of the session, `since` its connection ended. */
  start(session: Session, since: number): void {
    this.stop(session);
    const { clock, willDue, expired } = this.options;
    const { sessionExpiryInterval, will } = session;
    const past = clock.now() - since;
    const stops: StopTimer[] = [];
    const { willDelayInterval } = session.options;
    // [MQTT5-3.1.3-9] the will is due when the delay or the session is over, whichever is first
    if (will && willDelayInterval < sessionExpiryInterval) {
      stops.push(afterDelay(clock, willDelayInterval * 1000 - past, () => willDue(session)));
    }
    if (sessionExpiryInterval !== FOR_EVER) {
      stops.push(afterDelay(clock, sessionExpiryInterval * 1000 - past, () => expired(session)));
    }
    if (stops.length > 0) this.stops.set(session, stops);
  }

  /** The client is back, or the session has ended. */
  stop(session: Session): void {
    for (const stop of this.stops.get(session) ?? []) stop();
    this.stops.delete(session);
  }

  /** Waits for nobody any more. */
  stopAll(): void {
    for (const session of [...this.stops.keys()]) this.stop(session);
  }
}
