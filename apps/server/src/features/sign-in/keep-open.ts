import type { Broker, StopTimer } from '@perch/broker';
import { isEnded, type SignedIn } from './signed-in.js';
import type { Credentials, SignIns } from './sign-ins.js';
import { untilSignedOut } from './until-signed-out.js';

/**
 * Why something is open no longer: the sign-in was ended, or has ended by itself, or what messages hold may not be read any
 * more; `unknown` where nobody can tell whether they are signed in still.
 */
export type KeptOpenEnd = 'signed-out' | 'expired' | 'not-allowed' | 'unknown';

/** Something that is open for as long as somebody is signed in. */
export interface KeptOpen {
  readonly signedIn: SignedIn;
  /** What they came with: asked again when nobody has been there for too long. */
  readonly credentials: Credentials;
  /** It shows what messages hold: open only as long as they may read that, too. */
  readonly showsPayloads: boolean;
  readonly ended: (why: KeptOpenEnd) => void;
}

/** Tells once that the sign-in was ended or has ended by itself, or that the right to read is gone. Returns how to stop. */
export function keepOpen(agenda: Pick<Broker['agenda'], 'at'>, signIns: SignIns, kept: KeptOpen): StopTimer {
  const { signedIn, credentials } = kept;
  const stops: StopTimer[] = [];
  const stop = () => stops.splice(0).forEach((each) => each());
  const end = (why: KeptOpenEnd): void => {
    stop();
    kept.ended(why);
  };
  stops.push(
    signIns.whenEnded((ended) => {
      if (isEnded(signedIn, ended)) end('signed-out');
    }),
    untilSignedOut(agenda, { signedIn, askAgain: () => signIns.signedInBy(credentials, true), ended: end }),
  );
  if (kept.showsPayloads)
    stops.push(
      signIns.whenReadersChange(() => {
        if (!signIns.mayReadPayloads(signedIn)) end('not-allowed');
      }),
    );
  return stop;
}
