import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { AccessControl } from '../../policy/access-control.js';
import { placeOfOwnRules } from '../../policy/authenticators/member-factory.js';
import type { AuthorizerChain } from '../../policy/authorizers/authorizer-chain.js';

/** Brings a change of the settings to the sessions that live. */
@Injectable()
export class AccessPush {
  /** Whom the broker asks. */
  private authorizer: AuthorizerChain | null;

  constructor(
    private readonly broker: Broker,
    private readonly access: AccessControl,
  ) {
    this.authorizer = access.authorizer;
  }

  /** Rules that clients brought are judged where the settings say now, and all clients come in anew where that is asked. */
  async changed(reconnect: boolean): Promise<void> {
    // A CONNECT that was let in a moment ago becomes a session in this turn.
    await nextTurn();
    const place = placeOfOwnRules(this.access.current.settings);
    for (const session of this.broker.sessions) {
      const { isClient, identity, own, ...terms } = session.options;
      if (!isClient) continue;
      if (reconnect) this.broker.sessions.connectionOf(session)?.end('administrative-action');
      else if (own && own.place !== place) {
        const moved = place && { ...own, place };
        this.broker.access.reauthenticated(session, { ...identity, ...terms, own: moved });
      }
    }
    if (this.access.authorizer !== this.authorizer) await this.askAnew();
  }

  /** Has everybody asked about anew; what is not confirmed is gone when this resolves. */
  async askAnew(): Promise<void> {
    const isOn = this.authorizer !== null || this.access.authorizer !== null;
    this.authorizer = this.access.authorizer;
    if (isOn) await this.broker.setAuthorizer(this.authorizer);
  }
}
