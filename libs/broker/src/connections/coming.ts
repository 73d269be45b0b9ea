import type { Grants } from '@perch/policy';
import type { Admitted } from '../access/admitted.js';
import type { AwayWindow } from '../away-window.js';
import type { CloseReason } from '../events.js';
import type { Session } from '../session.js';

/** Somebody who may come in, and under which rights. */
export interface Entrant {
  readonly who: Admitted;
  readonly grants: Grants;
  /** A device; false for an operator's own connection. */
  readonly isClient: boolean;
}

/** A session that outlives its connection for a little while, as the connection has it. */
export interface Resumption {
  readonly window: AwayWindow;
  /** It was there before, and goes on. */
  readonly goesOn: boolean;
  /** The connection ends. */
  leave(session: Session, reason: CloseReason): void;
}

/** How a client comes in, beyond who it is. */
export interface Coming {
  /** How its session is to outlive the connection; null for not at all. */
  resumptionFor(who: Admitted): Resumption | null;
  /** Its session begins: what is said to it here comes before anything that it is sent. */
  begins(session: Session): void;
}

/** With a session that ends with its connection. */
export const FOR_NOW: Coming = { resumptionFor: () => null, begins: () => undefined };
