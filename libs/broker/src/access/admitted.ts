import type { ClientIdentity, OwnRules } from '@perch/policy';
import type { Principal } from '../ports/authenticator.js';

/** Who a client is to access control, and on what terms it is there. */
export interface Admitted {
  readonly identity: ClientIdentity;
  /** Whose word its name is, or null. */
  readonly authenticator: string | null;
  /** Rules of this client alone, or null. */
  readonly own: OwnRules | null;
  /** When its connection ends, in ms since the epoch, or null. */
  readonly validUntil: number | null;
  /** Connections of its user at a time, this one among them; null for as many as all users may have. */
  readonly connectionLimit: number | null;
}

const NO_LABELS: readonly string[] = [];

/** What is to be known of a client that has proved who it is. */
export function admitted(principal: Principal, client: Pick<ClientIdentity, 'clientId' | 'address'>): Admitted {
  const { username, authenticator = null, labels = NO_LABELS } = principal;
  const { validUntil = null, connectionLimit = null, own = null } = principal;
  const { clientId, address } = client;
  return { identity: { clientId, username, address, labels }, authenticator, own, validUntil, connectionLimit };
}

/** What the connections of one user are counted by, or null for a client that is none. */
export function userKey({ identity: { username }, authenticator }: Pick<Admitted, 'identity' | 'authenticator'>) {
  return username === null ? null : `${authenticator ?? ''}\n${username}`;
}
