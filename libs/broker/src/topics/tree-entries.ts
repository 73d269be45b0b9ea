/** What a topic tree holds: something that wants the topics which its filter matches. */
export interface TreeEntry {
  readonly topicFilter: string;
  /** Its place in the list that the tree keeps it in; -1 while it is in none. */
  slot: number;
}

/** The entries of one filter: most filters have one, which needs no list. */
export type Entries<Entry> = Entry | Entry[];

/** The entries and this one. */
export function withEntry<Entry extends TreeEntry>(entries: Entries<Entry> | null, entry: Entry): Entries<Entry> {
  if (!entries) return placed(entry, 0);
  if (!Array.isArray(entries)) return [entries, placed(entry, 1)];
  entries.push(placed(entry, entries.length));
  return entries;
}

/** The entries without this one, which is among them: the last one takes its place. Null when there are no others. */
export function withoutEntry<Entry extends TreeEntry>(
  entries: Entries<Entry> | null,
  entry: Entry,
): Entries<Entry> | null {
  const { slot } = entry;
  entry.slot = -1;
  if (!Array.isArray(entries)) return null;
  const last = entries.pop() as Entry;
  if (last !== entry) entries[slot] = placed(last, slot);
  return entries.length === 1 ? (entries[0] as Entry) : entries;
}

/** Puts the entries after those that were found. */
export function append<Entry>(found: Entry[], entries: Entries<Entry> | null): void {
  if (!entries) return;
  if (!Array.isArray(entries)) found.push(entries);
  else for (const entry of entries) found.push(entry);
}

function placed<Entry extends TreeEntry>(entry: Entry, slot: number): Entry {
  entry.slot = slot;
  return entry;
}
