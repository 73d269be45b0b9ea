import type { ResumePoint, WelcomeFrame } from '@perch/wire';
import { userKey, type Admitted } from '../../access/admitted.js';
import type { Broker } from '../../broker.js';
import type { Resumption } from '../../connections/coming.js';
import type { CloseReason } from '../../events.js';
import type { Frame } from '../../frame.js';
import type { Outbox } from '../../outbox.js';
import { ResumeWindow } from '../../resume-window.js';
import type { Session } from '../../session.js';
import { jsonFormat, packJsonWith } from './message-format.js';

/** How a connection may end so that its client can come back to its session. */
const BREAKS: ReadonlySet<CloseReason> = new Set<CloseReason>([
  'connection-lost',
  'keep-alive-timeout',
  'session-taken-over',
  'quota-exceeded',
]);

/** The part that one connection has in a session that can be resumed. */
export class SessionWindow implements Resumption {
  private dropped = 0;

  private constructor(
    readonly window: ResumeWindow,
    /** Where the client was; null in a new session. */
    private readonly point: ResumePoint | null,
    /** The client wanted to go on with a session that is not there any more. */
    private readonly isInVain: boolean,
  ) {}

  /** Finds what the client asks for, or makes a new one; null when there is none to be had. */
  static for(broker: Broker, who: Admitted, resume: true | ResumePoint | undefined): SessionWindow | null {
    if (resume === undefined) return null;
    if (resume !== true) {
      const window = windowNamed(broker, who, resume.session);
      if (window) return new SessionWindow(window, resume, false);
    }
    if (broker.limits.resumeSeconds === 0 || !broker.away.hasRoom) return null;
    return new SessionWindow(new ResumeWindow(broker.away, jsonFormat), null, resume !== true);
  }

  /** Its session goes on. */
  get goesOn(): boolean {
    return this.point !== null;
  }

  /** Sends through the outbox what the client has missed, and numbers all that follows; returns what a welcome says. */
  begin(broker: Broker, session: Session, outbox: Outbox): Opened {
    outbox.packWith(packJsonWith((deliveries) => this.head(deliveries, outbox)));
    const { window, point } = this;
    const resumeMs = broker.limits.resumeSeconds * 1000;
    if (!point) {
      const fields = { session: window.id, offset: 0, resumeMs, ...(this.isInVain && { resumed: false }) };
      return { fields, revoked: [], missed: [] };
    }
    const { lost, frames } = window.rewind(point.offset, broker.clock.now());
    broker.counters.resumes++;
    broker.counters.missedAtResume += lost;
    const revoked = window.filters.filter((filter) => !session.subscriptions.has(filter));
    return {
      fields: { session: window.id, offset: window.offset, resumeMs, resumed: true, lost },
      revoked,
      missed: frames,
    };
  }

  /** The connection ends; after anything but a break there is nothing to come back to. */
  leave(session: Session, reason: CloseReason): void {
    if (BREAKS.has(reason)) this.window.filters = [...session.subscriptions.keys()];
    else session.sessionExpiryInterval = 0;
  }

  private head(deliveries: readonly Frame[], outbox: Outbox): string {
    for (const frame of deliveries) this.window.sent(frame);
    const dropped = outbox.dropped - outbox.takenBack;
    const lost = dropped - this.dropped;
    this.dropped = dropped;
    return `"offset":${this.window.offset}${lost > 0 ? `,"lost":${lost}` : ''}`;
  }
}

/** What a connection says when a session with a window begins or goes on. */
export interface Opened {
  readonly fields: Partial<WelcomeFrame>;
  /** Subscriptions that were taken away meanwhile. */
  readonly revoked: readonly string[];
  readonly missed: readonly Frame[];
}

/** Only for the user whose session it is. */
function windowNamed({ sessions }: Broker, who: Admitted, id: string): ResumeWindow | null {
  const options = sessions.get(who.identity.clientId)?.options;
  const window = options?.window;
  if (!options || !(window instanceof ResumeWindow) || window.id !== id) return null;
  return userKey(options) === userKey(who) ? window : null;
}
