import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import type { AccessSettings } from '../../policy/access-settings.schema.js';
import { placeOfOwnRules } from '../../policy/authenticators/member-factory.js';

/** Brings a change of the settings to the sessions that live. */
@Injectable()
export class AccessPush {
  constructor(private readonly broker: Broker) {}

  /** Rules that clients brought are judged where the settings say now, and all clients come in anew where that is asked. */
  async changed(settings: AccessSettings, reconnect: boolean): Promise<void> {
    // A CONNECT that was let in a moment ago becomes a session in this turn.
    await nextTurn();
    const place = placeOfOwnRules(settings);
    for (const session of this.broker.sessions) {
      const { isClient, identity, validUntil, connectionLimit, own } = session.options;
      if (!isClient) continue;
      if (reconnect) this.broker.sessions.connectionOf(session)?.end('administrative-action');
      else if (own && own.place !== place) {
        const { username, labels } = identity;
        const moved = place && { ...own, place };
        this.broker.access.reauthenticated(session, { username, labels, validUntil, connectionLimit, own: moved });
      }
    }
  }
}
