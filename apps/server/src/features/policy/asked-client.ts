import type { Broker } from '@perch/broker';
import type { ClientIdentity, OwnRules } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import type { AskedClient, JudgedClient } from './explain.schemas.js';

/** A client as it is judged. */
export interface Judged {
  readonly identity: ClientIdentity;
  readonly own: OwnRules | null;
  /** For the answer. */
  readonly shown: JudgedClient;
}

/** The client that a question describes or names. 404 when it has no session to take its identity from. */
export function judgedClient({ client, clientId = '' }: AskedClient, sessions: Broker['sessions']): Judged {
  if (client) {
    const { username = null, address = null } = client;
    return judged({ ...client, username, address }, null, false);
  }
  const session = sessions.get(clientId);
  if (!session) throw new ApiError('not-found', 'There is no session of a client with this id. Describe the client.');
  return judged(session.identity, session.options.own, true);
}

function judged(identity: ClientIdentity, own: OwnRules | null, live: boolean): Judged {
  const shown = { ...identity, labels: [...(identity.labels ?? [])], ownRules: own?.rules.length ?? 0, live };
  return { identity, own, shown };
}
