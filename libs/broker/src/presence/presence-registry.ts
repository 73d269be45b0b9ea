/** What is known of one client's being there. */
export interface PresenceEntry {
  readonly clientId: string;
  readonly online: boolean;
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

  get offlineCount(): number {
    return this.offline.size;
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
    // Spelled out: a spread with another property behind it is slow, and thousands may come at once.
    const entry: PresenceEntry = {
      clientId: event.clientId,
      online: event.online,
      since: event.since,
      seq: ++this.lastSeq,
      username: event.username,
      authenticator: event.authenticator,
      address: event.address,
      protocol: event.protocol,
      node: event.node,
      reason: event.reason,
      connectedForMs: event.connectedForMs,
    };
    this.place(entry);
    return entry;
  }

  /** Takes in what an earlier run knew. */
  restore(entries: Iterable<PresenceEntry>): void {
    const byDeparture = [...entries].sort((a, b) => a.since - b.since);
    for (const entry of byDeparture) this.place({ ...entry, online: false, seq: 0 });
  }

  private place(entry: PresenceEntry): void {
    if (this.offline.size > 0) this.offline.delete(entry.clientId);
    if (entry.online) {
      this.online.set(entry.clientId, entry);
      if (this.online.size > this.maximum) this.maximum = this.online.size;
      return;
    }
    this.online.delete(entry.clientId);
    this.offline.set(entry.clientId, entry);
    if (this.offline.size <= this.offlineLimit) return;
    const [oldest] = this.offline.keys();
    if (oldest === undefined) return;
    this.offline.delete(oldest);
    this.forgotten(oldest);
  }
}
