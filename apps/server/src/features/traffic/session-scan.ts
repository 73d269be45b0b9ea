import { setImmediate } from 'node:timers/promises';
import type { Broker, Session } from '@perch/broker';
import { ClientTraffic, type Exchanged } from './client-traffic.js';
import { Leaders } from './leaders.js';

/** A client that is behind with what it is sent, as it was when it was looked at. */
export interface SlowClient {
  readonly clientId: string;
  readonly username: string | null;
  readonly online: boolean;
  readonly queued: number;
  readonly queuedBytes: number;
  readonly inFlight: number;
  /** Bytes that wait for its link. */
  readonly waitingBytes: number;
  readonly dropped: number;
}

/** A client and what it exchanged in the last five minutes. */
export interface Talker extends Exchanged {
  readonly clientId: string;
  readonly username: string | null;
  readonly protocol: string;
}

/** What came of looking at every session once. */
export interface ScanResult {
  /** ms since the epoch. */
  readonly at: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly longestQueue: number;
  /** Clients online by protocol. */
  readonly online: Readonly<Record<string, number>>;
  readonly slow: readonly SlowClient[];
  readonly talkers: readonly Talker[];
}

/** Sessions that are looked at in one turn of the event loop: less than a millisecond. */
const SLICE = 500;
const SHOWN = 20;
/** Clients that are remembered between looks, as many as presence remembers. */
const CLIENTS_LIMIT = 400_000;

/** Looks at all sessions from time to time, some at a turn: what nobody counts per message is found out here. */
export class SessionScan {
  /** The last look at all of them; null before the first. */
  last: ScanResult | null = null;
  /** Messages that clients sent and were sent since the start, by protocol. Never lower than before. */
  readonly totals: Record<string, { in: number; out: number }> = {};
  private readonly clients = new Map<string, ClientTraffic>();
  private isScanning = false;

  constructor(private readonly broker: Pick<Broker, 'sessions' | 'clock' | 'observe'>) {
    broker.observe({ closed: (session) => this.exchanged(session) });
  }

  /** Does nothing while a look is under way. */
  async scan(): Promise<void> {
    if (this.isScanning) return;
    this.isScanning = true;
    try {
      this.last = await this.look();
    } finally {
      this.isScanning = false;
    }
  }

  private async look(): Promise<ScanResult> {
    const sums = { inFlight: 0, queued: 0, longestQueue: 0 };
    const online: Record<string, number> = {};
    const slow = new Leaders<SlowClient>(SHOWN, ({ queued, waitingBytes, dropped }) => queued + waitingBytes + dropped);
    let looks = 0;
    for (const session of this.broker.sessions) {
      if (++looks % SLICE === 0) await setImmediate();
      if (!session.options.isClient) continue;
      this.exchanged(session);
      if (session.isOnline) online[session.options.protocol] = (online[session.options.protocol] ?? 0) + 1;
      sums.inFlight += session.inFlightCount;
      sums.queued += session.queuedCount;
      sums.longestQueue = Math.max(sums.longestQueue, session.queuedCount);
      if (session.queuedCount > 0 || session.peer?.outbox.bytes || droppedOf(session) > 0)
        slow.offer(slowClientOf(session));
    }
    const talkers = await this.talkers();
    return { at: this.broker.clock.now(), ...sums, online, slow: slow.inOrder, talkers };
  }

  private exchanged(session: Session): void {
    if (!session.options.isClient) return;
    let client = this.clients.get(session.clientId);
    if (!client) {
      if (this.clients.size >= CLIENTS_LIMIT) return;
      this.clients.set(session.clientId, (client = new ClientTraffic()));
    }
    const moved = client.look(session, this.broker.clock.uptime());
    const total = (this.totals[session.options.protocol] ??= { in: 0, out: 0 });
    total.in += moved.in;
    total.out += moved.out;
  }

  /** Those that exchanged most; who has gone and was quiet since is forgotten. */
  private async talkers(): Promise<readonly Talker[]> {
    const uptime = this.broker.clock.uptime();
    const leaders = new Leaders<Talker>(SHOWN, (talker) => talker.in + talker.out);
    let looks = 0;
    for (const [clientId, client] of this.clients) {
      if (++looks % SLICE === 0) await setImmediate();
      const recent = client.recent(uptime);
      if (recent) {
        const { username, protocol } = client;
        leaders.offer({ clientId, username, protocol, ...recent });
      } else if (!this.broker.sessions.get(clientId)?.isOnline) this.clients.delete(clientId);
    }
    return leaders.inOrder;
  }
}

function droppedOf({ dropped, peer }: Session): number {
  return dropped + (peer?.outbox.dropped ?? 0);
}

function slowClientOf(session: Session): SlowClient {
  return {
    clientId: session.clientId,
    username: session.identity.username,
    online: session.isOnline,
    queued: session.queuedCount,
    queuedBytes: session.queuedBytes,
    inFlight: session.inFlightCount,
    waitingBytes: session.peer?.outbox.bytes ?? 0,
    dropped: droppedOf(session),
  };
}
