import type { OwnRules } from '@perch/policy';
import type { Agenda } from '../agenda.js';
import type { Clock } from '../ports/clock.js';
import type { Session } from '../session.js';
import { SessionAlarms } from './session-alarms.js';

/** Judges a session again when one of its client's own rules ends. The ends of the policy's rules come with the policy. */
export class OwnRuleEnds {
  private readonly alarms: SessionAlarms;

  constructor(
    agenda: Agenda,
    private readonly clock: Clock,
  ) {
    this.alarms = new SessionAlarms(agenda);
  }

  /** The session is under new grants: runs `judgeAgain` when they end. */
  watch(session: Session, judgeAgain: () => void): void {
    const { own } = session.options;
    this.alarms.set(session, own && nextEnd(own, this.clock.now()), judgeAgain);
  }

  /** The session has ended. */
  forget(session: Session): void {
    this.alarms.forget(session);
  }
}

/** In ms since the epoch, or null. */
function nextEnd({ rules }: OwnRules, now: number): number | null {
  const ends = rules.map(({ validUntil }) => Date.parse(validUntil ?? '')).filter((end) => end > now);
  return ends.length === 0 ? null : Math.min(...ends);
}
