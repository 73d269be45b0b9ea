import type { ListenerTerms } from '../../listener-terms.js';
import type { Refusal } from '../../refusal.js';
import type { ConnectRequest } from './handshake.js';

/** Reads a CONNECT in the light of the client's certificate, by what its listener takes the name in it for. */
export function certify(
  request: ConnectRequest,
  name: string | null,
  { certificateAs }: ListenerTerms,
): ConnectRequest | Refusal {
  if (name === null || certificateAs === null) return request;
  return certificateAs === 'username' ? asUsername(request, name) : asClientId(request, name);
}

/** The certificate has proved who it is: a password could prove no more, and another name is not its own. */
function asUsername(request: ConnectRequest, name: string): ConnectRequest | Refusal {
  if (request.username !== null && request.username !== name) return 'bad-credentials';
  return { ...request, username: name, password: null };
}

/** [MQTT5-3.2.2-16] a client that leaves its client id to us is told it; one that says another is not let in. */
function asClientId(request: ConnectRequest, name: string): ConnectRequest | Refusal {
  if (request.clientId === name) return request;
  if (!request.isAssigned || name.startsWith('$')) return 'invalid-client-id';
  return { ...request, clientId: name, will: request.will && { ...request.will, publisher: name } };
}
