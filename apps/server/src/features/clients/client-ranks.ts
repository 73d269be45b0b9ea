import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Session } from '@perch/broker';
import type { ClientRankQuestion, ClientRanks as Answer } from './client.schemas.js';

/** As many as the dashboard lists. */
const MOST = 100_000;
/** Sessions that are looked at in one turn of the event loop: less than a millisecond. */
const SLICE = 1000;

const measures: Readonly<Record<ClientRankQuestion['by'], (session: Session) => number>> = {
  subscriptions: ({ subscriptions }) => subscriptions.size,
  inFlight: ({ inFlightCount, queuedCount }) => inFlightCount + queuedCount,
  // A publish that turns out to be repeated is taken back from its count.
  messages: ({ messagesIn, messagesOut }) => Math.max(0, messagesIn) + messagesOut,
};

/** Looks at all sessions, for a list that is sorted by what they have on their hands. */
@Injectable()
export class ClientRanks {
  constructor(private readonly broker: Broker) {}

  async by(by: ClientRankQuestion['by']): Promise<Answer> {
    const measure = measures[by];
    const at = new Date(this.broker.clock.now()).toISOString();
    let found: (readonly [clientId: string, value: number])[] = [];
    let looks = 0;
    for (const session of this.broker.sessions) {
      if (++looks % SLICE === 0) await nextTurn();
      const value = session.options.isClient ? measure(session) : 0;
      if (value > 0) found.push([session.clientId, value]);
    }
    if (found.length > MOST) found = found.sort(([, a], [, b]) => b - a).slice(0, MOST);
    return { at, clientIds: found.map(([clientId]) => clientId), values: found.map(([, value]) => value) };
  }
}
