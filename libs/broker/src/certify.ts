import type { ListenerTerms } from './listener-terms.js';
import type { Refusal } from './refusal.js';

/** Who a client says it is. */
export interface Claim {
  readonly clientId: string;
  /** The client left it to us, and this one was made. */
  readonly isAssigned: boolean;
  readonly username: string | null;
  readonly password: Buffer | null;
}

/** What a client says, in the light of its certificate, by what its listener takes the name in it for. */
export function certify<Claimed extends Claim>(
  claim: Claimed,
  name: string | null,
  { certificateAs }: ListenerTerms,
): Claimed | Refusal {
  if (name === null || certificateAs === null) return claim;
  return certificateAs === 'username' ? asUsername(claim, name) : asClientId(claim, name);
}

/** The certificate has proved who it is: a password could prove no more, and another name is not its own. */
function asUsername<Claimed extends Claim>(claim: Claimed, name: string): Claimed | Refusal {
  if (claim.username !== null && claim.username !== name) return 'bad-credentials';
  return { ...claim, username: name, password: null };
}

/** [MQTT5-3.2.2-16] a client that leaves its client id to us is told it; one that says another is not let in. */
function asClientId<Claimed extends Claim>(claim: Claimed, name: string): Claimed | Refusal {
  if (claim.clientId === name) return claim;
  return claim.isAssigned && !name.startsWith('$') ? { ...claim, clientId: name } : 'invalid-client-id';
}
