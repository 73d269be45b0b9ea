import type { Broker, StopTimer } from '@perch/broker';
import type { SignedIn } from './signed-in.js';

/** A sign-in whose end somebody wants to know of. */
export interface WatchedSignIn {
  readonly signedIn: SignedIn;
  /** Who is signed in now, or null; asking keeps nobody signed in. */
  readonly askAgain: () => Promise<SignedIn | null>;
  /** `unknown` where nobody can tell whether they are signed in still. */
  readonly ended: (why: 'expired' | 'unknown') => void;
}

/** Tells once that a sign-in ends by itself: at its time, or where nobody has been there for too long. Returns how to stop. */
export function untilSignedOut(agenda: Pick<Broker['agenda'], 'at'>, kept: WatchedSignIn): StopTimer {
  let isOver = false;
  let stopTimer: StopTimer = () => undefined;
  const end = (why: 'expired' | 'unknown'): void => {
    if (!isOver) kept.ended(why);
    isOver = true;
  };
  const watch = (current: SignedIn | null): void => {
    if (current === null) return end('expired');
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
