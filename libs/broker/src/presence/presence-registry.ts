/** What is known of one client's being there. */
export interface PresenceEntry {
  readonly clientId: string;
  readonly online: boolean;
  /** A session serves it, or is kept for it while it is away. */
  readonly hasSession: boolean;
  /** When it came or went, in ms since the epoch. */
  readonly since: number;
  /** Rises by one per presence event of this node. 0 for what was restored from an earlier run. */
  readonly seq: number;
  readonly username: string | null;
  /** Whose word the user name is; null where that is not known. */
  readonly authenticator: string | null;
  readonly address: string | null;
  readonly protocol: string;
  readonly node: string;
  /** Why it went; null while online. */
  readonly reason: string | null;
  /** How long it had been connected when it went; null while online. */
  readonly connectedForMs: number | null;
}

/** Who is online and since when, and the last of those who were. */
export class PresenceRegistry {
  private readonly online = new Map<string, PresenceEntry>();
  /** Oldest departure first. */
  private readonly offline = new Map<string, PresenceEntry>();
  /** Those of them that no session is kept for. */
  private gone = 0;
  private lastSeq = 0;
  private maximum = 0;

  constructor(
    private readonly offlineLimit: number,
    /** Told of each client that is forgotten at the bound. */
    private readonly forgotten: (clientId: string) => void,
  ) {}

  /** The sequence number of the last event. */
  get seq(): number {
    return this.lastSeq;
  }

  get onlineCount(): number {
    return this.online.size;
  }

  /** Clients that are away, and have a session to come back to. */
  get offlineCount(): number {
    return this.offline.size - this.gone;
  }

  /** Clients that are remembered, and have none. */
  get goneCount(): number {
    return this.gone;
  }

  /** The most clients that were online at one time. */
  get maximumOnline(): number {
    return this.maximum;
  }

  get(clientId: string): PresenceEntry | undefined {
    return this.online.get(clientId) ?? this.offline.get(clientId);
  }

  /** All clients: those online, then those gone. */
  *list(): Generator<PresenceEntry> {
    yield* this.online.values();
    yield* this.offline.values();
  }

  /** Records an event and gives it the next sequence number. */
  record(event: Omit<PresenceEntry, 'seq'>): PresenceEntry {
    const entry = entryOf(event, { online: event.online, hasSession: event.hasSession, seq: ++this.lastSeq });
    this.place(entry);
    return entry;
  }

  /** The session that was kept for a client is over: an event, too. Null where none was known of. */
  sessionEnded(clientId: string): PresenceEntry | null {
    const known = this.offline.get(clientId);
    if (!known?.hasSession) return null;
    const entry = { ...known, hasSession: false, seq: ++this.lastSeq };
    this.offline.set(clientId, entry); // in its place: it went no later than it did
    this.gone++;
    return entry;
  }

  /** Takes in what an earlier run knew; whose session is restored, too, is said by `sessionRestored`. */
  restore(entries: Iterable<Omit<PresenceEntry, 'hasSession'>>): void {
    const byDeparture = [...entries].sort((a, b) => a.since - b.since);
    for (const entry of byDeparture) this.place(entryOf(entry, { online: false, hasSession: false, seq: 0 }));
  }

  /** The session of a client of an earlier run is kept. No event: nobody was told otherwise. */
  sessionRestored(clientId: string): void {
    const known = this.offline.get(clientId);
    if (known === undefined || known.hasSession) return;
    this.offline.set(clientId, { ...known, hasSession: true });
    this.gone--;
  }

  private place(entry: PresenceEntry): void {
    this.forget(entry.clientId);
    if (entry.online) {
      this.online.set(entry.clientId, entry);
      if (this.online.size > this.maximum) this.maximum = this.online.size;
      return;
    }
    this.online.delete(entry.clientId);
    this.offline.set(entry.clientId, entry);
    if (!entry.hasSession) this.gone++;
    if (this.offline.size <= this.offlineLimit) return;
    const [oldest] = this.offline.keys();
    if (oldest === undefined) return;
    this.forget(oldest);
    this.forgotten(oldest);
  }

  private forget(clientId: string): void {
    if (this.offline.size === 0) return;
    if (this.offline.get(clientId)?.hasSession === false) this.gone--;
    this.offline.delete(clientId);
  }
}

type Standing = Pick<PresenceEntry, 'online' | 'hasSession' | 'seq'>;

/** Spelled out: V8 gives objects shapes of their own where something follows a spread, and thousands may come at once. */
function entryOf(known: Omit<PresenceEntry, keyof Standing>, { online, hasSession, seq }: Standing): PresenceEntry {
  const { clientId, since, username, authenticator, address, protocol, node, reason, connectedForMs } = known;
  return {
    clientId,
    online,
    hasSession,
    since,
    seq,
    username,
    authenticator,
    address,
    protocol,
    node,
    reason,
    connectedForMs,
  };
}
