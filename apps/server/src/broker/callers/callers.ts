import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { admitCaller, Broker, type Caller, readEventId } from '@perch/broker';
import type { PerchRequest } from '../../http/perch-request.js';
import { AccessControl } from '../../policy/access-control.js';
import { arrivalOf } from '../listeners/arrivals.js';
import { credentialsIn, type ShownCredentials } from './caller-claim.js';
import { callRefused } from './call-refused.js';

/** Who sends a request, where that is a client: by the same authenticators as one that connects. */
@Injectable()
export class Callers {
  constructor(
    private readonly broker: Broker,
    private readonly access: AccessControl,
  ) {}

  /** The client that sends it; null where it shows no credentials of a client. Throws where they are refused. */
  async callerOf(request: PerchRequest): Promise<Caller | null> {
    request.caller ??= await this.admit(request);
    return request.caller;
  }

  private async admit(request: PerchRequest): Promise<Caller | null> {
    const { headers, socket, client, query } = request;
    const { certificateName, terms } = arrivalOf(socket);
    const isCertified = certificateName !== null && terms.certificateAs !== null && headers.authorization === undefined;
    const shown = credentialsIn(headers, this.access.current.settings);
    if (!shown && !isCertified) return null;
    const { username = null, password = null } = shown ?? {};
    const clientId = typeof query['clientId'] === 'string' ? query['clientId'] : null;
    const admission = await admitCaller(this.broker, {
      clientId: clientId ?? nameFor(request, shown),
      isAssigned: clientId === null,
      username,
      password,
      address: client.address,
      certificateName,
      terms,
    });
    if (typeof admission === 'string') throw callRefused(admission);
    return admission;
  }
}

/** What is left to us: a stream is a connection of its own, unless it goes on where an earlier one broke off. */
function nameFor({ method, headers }: PerchRequest, shown: ShownCredentials | null): string {
  if (method !== 'GET') return nameOf(shown);
  const from = readEventId(String(headers['last-event-id'] ?? ''))?.clientId;
  return from?.startsWith('sse-') ? from : `sse-${randomBytes(9).toString('base64url')}`;
}

/** The same for the same user or token each time: what is refused to it is told as one client's. */
function nameOf(shown: ShownCredentials | null): string {
  const { username = null, password = null } = shown ?? {};
  const isToken = username === null || username.startsWith('eyJ');
  return `http-${isToken ? hash('sha256', username ?? password ?? '').slice(0, 16) : username}`;
}
