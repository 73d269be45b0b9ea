import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type PresenceEntry } from '@perch/broker';
import { TimelineRecorder } from '../../broker/timeline/timeline-recorder.js';
import { chunksOf } from '../../database/chunks-of.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { FirstByKey } from '../../http/first-by-key.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { AuditService } from '../audit/audit.service.js';
import { subscriptionOf } from '../sessions/subscription-of.js';
import { csvHeader, csvLines } from './client-csv.js';
import { ClientFinder } from './client-finder.js';
import type {
  Client,
  ClientDetail,
  ClientFilter,
  ClientLoads,
  ClientPage,
  ClientQuery,
  Kick,
} from './client.schemas.js';
import { shownLoad } from './shown-load.js';
import { shownSession } from './shown-session.js';

/** Lines of an export that are made at once. */
const LINES_AT_ONCE = 1000;

/** Shows who is and was online, and sends clients away. */
@Injectable()
export class ClientsService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly finder: ClientFinder,
    private readonly timeline: TimelineRecorder,
  ) {}

  async list({ limit, after, load = false, ...filter }: ClientQuery): Promise<ClientPage> {
    const isMeant = await this.finder.testOf(filter);
    const { presence } = this.broker;
    // Read first: what happens from here on has a greater one, and a watcher asks for that.
    const { seq, onlineCount: online, offlineCount: offline, goneCount: gone } = presence;
    const start = decodeCursor(after);
    const found = new FirstByKey<PresenceEntry>(limit + 1, ({ clientId }) => clientId);
    for (const entry of presence.list()) {
      if ((start === null || entry.clientId > start) && isMeant(entry)) found.offer(entry);
    }
    const { items, next } = cutPage(found.inOrder, limit, ({ clientId }) => clientId);
    const shown = items.map((entry) => (load ? this.withLoad(entry) : this.finder.shown(entry)));
    return { items: shown, next, seq, online, offline, gone };
  }

  /** What the sessions of these clients have on their hands; whoever has none is left out. */
  loads(clientIds: readonly string[]): ClientLoads {
    const sessions = [...new Set(clientIds)].flatMap((id) => this.broker.sessions.get(id) ?? []);
    const items = sessions.filter(({ options }) => options.isClient).map(shownLoad);
    return { at: new Date(this.broker.clock.now()).toISOString(), items };
  }

  /** All that the filter means, as they are now, as the lines of a CSV file. */
  async export(filter: ClientFilter): Promise<AsyncGenerator<string>> {
    const isMeant = await this.finder.testOf(filter);
    const found = [...this.broker.presence.list()].filter(isMeant);
    found.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    return this.lines(found);
  }

  /** 404 when the client was never here, or is forgotten. */
  get(clientId: string): ClientDetail {
    const entry = this.broker.presence.get(clientId);
    if (!entry) throw new ApiError('not-found', 'There is no client with this id.');
    const session = this.broker.sessions.get(clientId);
    const isServed = entry.online && session !== undefined;
    return {
      ...this.finder.shown(entry),
      session: isServed ? shownSession(session, this.broker.limits) : null,
      durable: Boolean(session?.durable),
    };
  }

  /** 409 when the client is not connected. */
  async kick(clientId: string, { reason, reasonCode }: Kick, actor: Actor): Promise<void> {
    this.get(clientId);
    const session = this.broker.sessions.get(clientId);
    if (!session?.isOnline) throw new ApiError('client-offline', 'The client is not connected.');
    const deed = { action: 'clients.kick', object: `client/${clientId}`, reason: reason || null };
    await this.audit.record(actor, { ...deed, after: reasonCode === undefined ? null : { reasonCode } });
    this.timeline.kicked(session, actor.name, reason);
    this.broker.disconnect(clientId, 'administrative-action', { reasonCode });
  }

  /** Takes a subscription away. MQTT has no word for that: its messages just stop. 404 when there is none. */
  async unsubscribe(clientId: string, filter: string, actor: Actor): Promise<void> {
    const session = this.broker.sessions.get(clientId);
    const subscription = session?.subscriptions.get(filter);
    if (!session || !subscription) throw new ApiError('not-found', 'The client has no such subscription.');
    const before = subscriptionOf(subscription);
    await this.audit.record(actor, { action: 'clients.unsubscribe', object: `client/${clientId}`, before });
    this.broker.unsubscribe(session, filter);
    session.peer?.revoked([filter], { disconnect: false, reason: null });
    await this.broker.log.store.committed();
  }

  private withLoad(entry: PresenceEntry): Client {
    const session = this.broker.sessions.get(entry.clientId);
    return { ...this.finder.shown(entry), ...(session && { load: shownLoad(session) }) };
  }

  private async *lines(found: readonly PresenceEntry[]): AsyncGenerator<string> {
    yield csvHeader();
    for (const some of chunksOf(found, LINES_AT_ONCE)) {
      yield csvLines(some.map((entry) => this.finder.shown(entry)));
      await nextTurn(); // the broker has its turn in between
    }
  }
}
