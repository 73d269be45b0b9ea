/** Something that is known of a topic of ASCII characters. */
export interface OfTopic {
  readonly topic: string;
}

const FIRST_PLACES = 1024;
/** A topic stands in one of so many places from where it belongs: looking costs no more, whatever clients make up. */
const REACH = 8;

/**
 * What is known of topics, found by their bytes: no string is made to look one up. It grows up to its bound; then, and
 * where too many belong to the same place, one gives way to another.
 */
export class TopicTable<T extends OfTopic> {
  private hashes = new Int32Array(FIRST_PLACES + REACH);
  private entries = places<T>(FIRST_PLACES);
  private mask = FIRST_PLACES - 1;
  private count = 0;

  /** `limit` bounds how many topics are remembered, up to the next power of two. */
  constructor(private readonly limit: number) {}

  /** How many topics are remembered. */
  get size(): number {
    return this.count;
  }

  /** What is known of the topic that stands there, or null. */
  find(bytes: Buffer, start: number, end: number): T | null {
    const { hashes, entries } = this;
    const hash = hashOfBytes(bytes, start, end);
    const home = hash & this.mask;
    for (let place = home; place < home + REACH; place++) {
      if (hashes[place] !== hash) continue;
      const entry = entries[place] as T | null;
      if (entry !== null && entry.topic.length === end - start && standsAt(entry.topic, bytes, start)) return entry;
    }
    return null;
  }

  /** Remembers what is not known yet. */
  add(entry: T): void {
    if (this.count * 2 > this.mask && this.mask + 1 < this.limit) this.grow();
    this.put(entry, hashOf(entry.topic));
  }

  private put(entry: T, hash: number): void {
    const home = hash & this.mask;
    let place = home;
    while (place < home + REACH && this.entries[place] !== null) place++;
    if (place === home + REACH) place = home;
    else this.count++;
    this.hashes[place] = hash;
    this.entries[place] = entry;
  }

  private grow(): void {
    const { hashes, entries } = this;
    const size = (this.mask + 1) * 2;
    this.mask = size - 1;
    this.hashes = new Int32Array(size + REACH);
    this.entries = places<T>(size);
    this.count = 0;
    for (const [place, entry] of entries.entries()) if (entry !== null) this.put(entry, hashes[place] as number);
  }
}

function places<T>(count: number): (T | null)[] {
  return new Array<T | null>(count + REACH).fill(null);
}

function standsAt(topic: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < topic.length; i++) if (topic.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

/** FNV-1a. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

function hashOfBytes(bytes: Buffer, start: number, end: number): number {
  let hash = BASIS;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  return mixed(hash);
}

function hashOf(topic: string): number {
  let hash = BASIS;
  for (let at = 0; at < topic.length; at++) hash = Math.imul(hash ^ topic.charCodeAt(at), PRIME);
  return mixed(hash);
}

/** Places are told apart by the low bits alone. */
function mixed(hash: number): number {
  return hash ^ (hash >>> 15);
}
