import type { ClientIdentity, OwnRules } from '@perch/policy';
import type { Principal } from '../ports/authenticator.js';

/** Who a client is to access control, and on what terms it is there. */
export interface Admitted {
  readonly identity: ClientIdentity;
  /** Rules of this client alone, or null. */
  readonly own: OwnRules | null;
  /** When its connection ends, in ms since the epoch, or null. */
  readonly validUntil: number | null;
  /** Connections of its user name at a time, this one among them; null for as many as all users may have. */
  readonly connectionLimit: number | null;
}

const NO_LABELS: readonly string[] = [];

/** What is to be known of a client that has proved who it is. */
export function admitted(principal: Principal, client: Pick<ClientIdentity, 'clientId' | 'address'>): Admitted {
  const { username, labels = NO_LABELS, validUntil = null, connectionLimit = null, own = null } = principal;
  const { clientId, address } = client;
  return { identity: { clientId, username, address, labels }, own, validUntil, connectionLimit };
}
