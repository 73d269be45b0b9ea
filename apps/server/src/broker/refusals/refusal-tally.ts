import { BUCKET_MS, type Omits, type RefusalCount, type RefusalSeen } from './refusal-seen.js';

/** How much is told apart in one quarter of an hour. What is beyond is counted in rows for the rest. */
export interface TallyLimits {
  /** Rows of one client; where no client id is known, of one address. */
  readonly rowsPerClient: number;
  /** Rows of refused CONNECTs, which anybody can send, and of everything else. */
  readonly connectRows: number;
  readonly otherRows: number;
  /** Characters of client ids, user names and topics in all rows. */
  readonly characters: number;
}

const LIMITS: TallyLimits = { rowsPerClient: 64, connectRows: 5_000, otherRows: 20_000, characters: 16_000_000 };

/** The rows of one client, and the one that was raised last: who is refused is usually refused the same again. */
interface ClientRows {
  readonly rows: Map<string, RefusalCount>;
  last: RefusalCount;
}

/** Counts refusals by client, action, topic and rule, a quarter of an hour at a time. */
export class RefusalTally {
  /** Refusals that were counted in a row for the rest. */
  summedUp = 0;
  private readonly limits: TallyLimits;
  private bucket = 0;
  private clients = new Map<string, ClientRows>();
  private rest = new Map<string, RefusalCount>();
  private sizes = { connect: 0, other: 0, characters: 0 };

  constructor(limits: Partial<TallyLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  /** The row that counts this refusal, raised by it. */
  count(seen: RefusalSeen, { now, revision }: { readonly now: number; readonly revision: number }): RefusalCount {
    if (now - this.bucket >= BUCKET_MS || now < this.bucket) this.turn(now - (now % BUCKET_MS));
    const row = this.find(seen, now);
    row.count++;
    row.lastAt = now;
    row.revision = revision;
    if (row.omits !== null) this.summedUp++;
    return row;
  }

  private turn(bucket: number): void {
    this.bucket = bucket;
    this.clients = new Map();
    this.rest = new Map();
    this.sizes = { connect: 0, other: 0, characters: 0 };
  }

  private find(seen: RefusalSeen, now: number): RefusalCount {
    const who = seen.clientId ?? `\0${seen.address ?? ''}`;
    const client = this.clients.get(who);
    if (client !== undefined && isAlike(client.last, seen)) return client.last;
    const key = keyOf(seen);
    const row = client?.rows.get(key) ?? this.newRow(seen, { key, client, now });
    if (client !== undefined) client.last = row;
    else if (row.omits !== 'clients') this.clients.set(who, { rows: new Map([[key, row]]), last: row });
    return row;
  }

  private newRow(
    seen: RefusalSeen,
    { key, client, now }: { key: string; client: ClientRows | undefined; now: number },
  ): RefusalCount {
    const { limits, sizes } = this;
    const kind = seen.action === 'connect' ? 'connect' : 'other';
    const characters = key.length + (seen.clientId?.length ?? 0);
    const isFull =
      sizes[kind] >= (kind === 'connect' ? limits.connectRows : limits.otherRows) ||
      sizes.characters + characters > limits.characters;
    if (isFull) return this.restRow(this.rest, seen, { omits: 'clients', now });
    if (client !== undefined && client.rows.size >= limits.rowsPerClient)
      return this.restRow(client.rows, seen, { omits: 'topics', now });
    sizes[kind]++;
    sizes.characters += characters;
    const row = rowOf(seen, { bucket: this.bucket, now, omits: null });
    client?.rows.set(key, row);
    return row;
  }

  /** There are as few of these as there are actions and reasons. */
  private restRow(
    rows: Map<string, RefusalCount>,
    { action, refusal, shadow = false, ...who }: RefusalSeen,
    { omits, now }: { readonly omits: Omits; readonly now: number },
  ): RefusalCount {
    const key = `${omits} ${action} ${refusal} ${shadow}`;
    const known = rows.get(key);
    if (known !== undefined) return known;
    const client = omits === 'topics' ? who : NOBODY;
    const row = rowOf(
      { ...client, action, refusal, shadow, topic: null, ruleId: null },
      { bucket: this.bucket, now, omits },
    );
    rows.set(key, row);
    return row;
  }
}

const NOBODY = { clientId: null, username: null, address: null };

function rowOf(
  seen: RefusalSeen,
  { bucket, now, omits }: { readonly bucket: number; readonly now: number; readonly omits: Omits | null },
): RefusalCount {
  const { action, refusal, clientId, username, address, topic, ruleId } = seen;
  const { by = null, labels = [], protocol = null, shadow = false } = seen;
  // Spelled out: V8 gives objects shapes of their own where something follows a spread, and many of these are kept.
  return {
    action,
    refusal,
    topic,
    ruleId,
    by,
    shadow,
    clientId,
    username,
    address,
    labels,
    protocol,
    bucket,
    omits,
    firstAt: now,
    lastAt: now,
    revision: 0,
    count: 0,
    kept: 0,
    missing: 0,
    isQueued: false,
  };
}

function isAlike(row: RefusalCount, seen: RefusalSeen): boolean {
  return (
    row.omits === null &&
    row.topic === seen.topic &&
    row.action === seen.action &&
    row.refusal === seen.refusal &&
    row.ruleId === seen.ruleId &&
    row.username === seen.username &&
    row.address === seen.address &&
    row.shadow === (seen.shadow ?? false)
  );
}

/** What tells the rows of one client apart. No name, address or valid topic holds U+0000. */
function keyOf({ action, refusal, ruleId, shadow = false, username, address, topic }: RefusalSeen): string {
  return `${action}\0${refusal}\0${ruleId ?? ''}\0${shadow}\0${textOf(username)}\0${textOf(address)}\0${textOf(topic)}`;
}

/** Nothing is something else than an empty text. */
function textOf(text: string | null): string {
  return text ?? '\u0001';
}
