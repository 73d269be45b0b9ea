import { Injectable } from '@nestjs/common';
import { Broker, type PresenceEntry } from '@perch/broker';
import { BanList } from '../../policy/bans/ban-list.js';
import { FlapCounter } from '../../policy/bans/flap-counter.js';
import { clientTest } from './client-filter.js';
import type { Client, ClientFilter } from './client.schemas.js';
import { DeniedClients } from './denied-clients.js';

/** Says which clients a filter means, and tells of each what presence and the rest of the server know. */
@Injectable()
export class ClientFinder {
  constructor(
    private readonly broker: Broker,
    private readonly flaps: FlapCounter,
    private readonly bans: BanList,
    private readonly denied: DeniedClients,
  ) {}

  /** 400 for a filter that cannot be looked for. */
  async testOf(filter: ClientFilter): Promise<(entry: PresenceEntry) => boolean> {
    return clientTest(filter, {
      isFlapping: (clientId) => this.flaps.isFlapping(clientId),
      isBanned: (entry) => this.bans.find(entry) !== null,
      sessionOf: (clientId) => this.broker.sessions.get(clientId),
      denied: filter.denied === undefined ? null : await this.denied.lately(),
    });
  }

  shown(entry: PresenceEntry): Client {
    const flaps = this.flaps.countOf(entry.clientId);
    return {
      ...entry,
      protocol: entry.protocol as Client['protocol'],
      since: new Date(entry.since).toISOString(),
      ...(flaps > 0 && { flaps }),
      ...(this.flaps.isFlapping(entry.clientId) && { flapping: true }),
      ...(this.bans.find(entry) && { banned: true }),
    };
  }
}
