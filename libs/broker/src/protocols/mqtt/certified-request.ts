import { certify } from '../../certify.js';
import type { ListenerTerms } from '../../listener-terms.js';
import type { Refusal } from '../../refusal.js';
import type { ConnectRequest } from './handshake.js';

/** A CONNECT in the light of the client's certificate; its will is from whom the certificate names. */
export function certifiedRequest(
  request: ConnectRequest,
  name: string | null,
  terms: ListenerTerms,
): ConnectRequest | Refusal {
  const certified = certify(request, name, terms);
  if (typeof certified === 'string' || certified.clientId === request.clientId) return certified;
  return { ...certified, will: certified.will && { ...certified.will, publisher: certified.clientId } };
}
