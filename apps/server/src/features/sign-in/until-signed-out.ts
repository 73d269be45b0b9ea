import type { Broker, StopTimer } from '@perch/broker';
import type { SignedIn } from './signed-in.js';

/** Something that is open for as long as somebody is signed in. */
export interface KeptOpen {
  readonly signedIn: SignedIn;
  /** Who is signed in now, or null; asking keeps nobody signed in. */
  readonly askAgain: () => Promise<SignedIn | null>;
  /** Close it: `unknown` where nobody can tell whether they are signed in still. */
  readonly ended: (why: 'signed-out' | 'unknown') => void;
}

/** Tells once that a sign-in ends by itself: at its time, or where nobody has been there for too long. Returns how to stop. */
export function untilSignedOut(agenda: Pick<Broker['agenda'], 'at'>, kept: KeptOpen): StopTimer {
  let isOver = false;
  let stopTimer: StopTimer = () => undefined;
  const end = (why: 'signed-out' | 'unknown'): void => {
    if (!isOver) kept.ended(why);
    isOver = true;
  };
  const watch = (current: SignedIn | null): void => {
    if (current === null) return end('signed-out');
    const at = endOf(current);
    if (at !== null && !isOver) stopTimer = agenda.at(at, look);
  };
  // Somebody may have been there meanwhile.
  const look = (): void => void kept.askAgain().then(watch, () => end('unknown'));
  watch(kept.signedIn);
  return () => {
    isOver = true;
    stopTimer();
  };
}

/** In ms since the epoch; null for never. */
function endOf({ expiresAt, idleEndsAt }: Pick<SignedIn, 'expiresAt' | 'idleEndsAt'>): number | null {
  const ends = [expiresAt, idleEndsAt].flatMap((end) => (end === null ? [] : end.getTime()));
  return ends.length === 0 ? null : Math.min(...ends);
}
