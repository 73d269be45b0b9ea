import { type Break, type ChainedEntry, chainHash, GENESIS } from './chain.js';

/** What is known besides the export. */
export interface KnownHashes {
  /** The last hash, as it was noted elsewhere: nothing was taken off the end. */
  readonly head?: string;
  /** The hash that the oldest entry follows. Left out: the log begins with it, or that is not known. */
  readonly from?: string;
}

/** What an export is. */
export interface ExportReport {
  readonly isIntact: boolean;
  readonly entries: number;
  /** The hash of the newest entry; null without any. */
  readonly head: string | null;
  /** Where it was changed. */
  readonly brokenAt: Break | null;
  /** Whether it is known what the oldest entry follows. */
  readonly isWhole: boolean;
  /** One sentence. */
  readonly says: string;
}

type Exported = ChainedEntry & { readonly id: string; readonly hash: string | null };

/** Verifies an exported log: NDJSON as the server writes it, newest first, unfiltered. Rejects where a line is none. */
export async function verifyExport(lines: AsyncIterable<string>, { head, from }: KnownHashes): Promise<ExportReport> {
  let newer: Exported | null = null;
  let newest: string | null = null;
  let entries = 0;
  const broken = (at: Exported, why: string): ExportReport => {
    const says = `BROKEN at entry ${at.id} of ${at.at}: ${why}.`;
    return { isIntact: false, entries, head: newest, brokenAt: { id: at.id, at: at.at }, isWhole: false, says };
  };
  for await (const line of lines) {
    if (line === '') continue;
    const entry = JSON.parse(line) as Exported;
    entries++;
    if (!isHash(entry.hash)) return broken(entry, 'it has no hash');
    newest ??= entry.hash;
    if (entries === 1 && head !== undefined && entry.hash !== head) {
      return broken(entry, 'it is the last one, and has not the hash that was noted');
    }
    if (newer !== null && !follows(newer, entry.hash)) return broken(newer, CHANGED);
    newer = entry;
  }
  if (newer === null) return { ...NOTHING, says: 'There is no entry in it.' };
  if (from !== undefined && !follows(newer, from)) return broken(newer, CHANGED);
  const isWhole = from !== undefined || follows(newer, Buffer.from(GENESIS).toString('hex'));
  const beginning = isWhole
    ? 'from its beginning on'
    : `from entry ${newer.id} on; what that follows is not in the file (--from HASH checks it)`;
  const says = `Intact: ${entries} entries, ${beginning}.`;
  return { isIntact: true, entries, head: newest, brokenAt: null, isWhole, says };
}

const CHANGED = 'it was changed, or the one before it was changed or removed';

const NOTHING = { isIntact: false, entries: 0, head: null, brokenAt: null, isWhole: false };

/** Whether this is a hash of the log, in hexadecimal. */
export function isHash(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

function follows(entry: Exported, previous: string): boolean {
  return Buffer.from(chainHash(Buffer.from(previous, 'hex'), entry)).toString('hex') === entry.hash;
}
