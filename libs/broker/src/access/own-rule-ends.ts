import type { OwnRules } from '@perch/policy';
import type { Agenda } from '../agenda.js';
import type { Clock, StopTimer } from '../ports/clock.js';
import type { Session } from '../session.js';

/** Judges a session again when one of its client's own rules ends. The ends of the policy's rules come with the policy. */
export class OwnRuleEnds {
  private readonly stops = new Map<Session, StopTimer>();

  constructor(
    private readonly agenda: Agenda,
    private readonly clock: Clock,
  ) {}

  /** The session is under new grants: runs `judgeAgain` when they end. */
  watch(session: Session, judgeAgain: () => void): void {
    this.forget(session);
    const { own } = session.options;
    const next = own && nextEnd(own, this.clock.now());
    if (next !== null) this.stops.set(session, this.agenda.at(next, judgeAgain));
  }

  /** The session has ended. */
  forget(session: Session): void {
    if (this.stops.size === 0) return;
    this.stops.get(session)?.();
    this.stops.delete(session);
  }
}

/** In ms since the epoch, or null. */
function nextEnd({ rules }: OwnRules, now: number): number | null {
  const ends = rules.map(({ validUntil }) => Date.parse(validUntil ?? '')).filter((end) => end > now);
  return ends.length === 0 ? null : Math.min(...ends);
}
