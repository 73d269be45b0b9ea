import { createHash } from 'node:crypto';
import type { NewAuditEntry } from './audit.store.js';

/** What the hash of an entry speaks for. */
export interface ChainedEntry extends NewAuditEntry {
  /** ISO 8601 in UTC, to the millisecond. */
  readonly at: string;
}

/** An entry as it is kept, or as an export tells it. */
export interface Link {
  readonly id: string;
  readonly entry: ChainedEntry;
  /** Null where somebody took it away. */
  readonly hash: Uint8Array | null;
}

/** Where a chain stops being one. */
export interface Break {
  readonly id: string;
  readonly at: string;
}

/** What a walk along the chain found. */
export interface ChainReport {
  readonly entries: number;
  /** The last hash of the part that holds. */
  readonly head: Uint8Array;
  readonly brokenAt: Break | null;
}

/** What the first entry ever follows. */
export const GENESIS: Uint8Array<ArrayBuffer> = new Uint8Array(32);

/** SHA-256 over the hash of the entry before and this entry in its canonical form. */
export function chainHash(previous: Uint8Array, entry: ChainedEntry): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(previous).update(canonical(entry)).digest());
}

/** Walks along entries, oldest first, from the hash that they follow, up to the first that does not fit. */
export async function walkChain(links: AsyncIterable<Link>, anchor: Uint8Array): Promise<ChainReport> {
  let head = anchor;
  let entries = 0;
  for await (const { id, entry, hash } of links) {
    const expected = chainHash(head, entry);
    if (hash === null || !Buffer.from(hash).equals(expected)) return { entries, head, brokenAt: { id, at: entry.at } };
    head = expected;
    entries++;
  }
  return { entries, head, brokenAt: null };
}

/** One text for one meaning: JSON with its fields in this order, and the keys of objects sorted. */
function canonical(entry: ChainedEntry): string {
  const { at, operator, action, object, result, address, requestId, before, after, reason } = entry;
  return JSON.stringify([
    at,
    operator,
    action,
    object,
    result,
    address,
    requestId,
    sorted(before),
    sorted(after),
    reason,
  ]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]);
}
