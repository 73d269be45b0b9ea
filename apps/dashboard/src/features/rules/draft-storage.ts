import type { PolicyContent, SavedPolicy } from './draft.js';

/** A draft as it survives a reload: what it began from, and what it says. */
export interface StoredDraft {
  readonly saved: SavedPolicy;
  readonly content: PolicyContent;
}

const version = 1;

/** Keeps the unsaved draft of one operator in this browser. */
export class DraftStorage {
  private readonly key: string;

  constructor(
    operatorId: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = localStorage,
  ) {
    this.key = `perch-rules-draft:${operatorId}`;
  }

  load(): StoredDraft | null {
    const text = this.storage.getItem(this.key);
    if (text === null) return null;
    const stored = parse(text);
    if (!stored) this.clear();
    return stored;
  }

  /** False when the browser has no room for it. */
  save({ saved, content }: StoredDraft): boolean {
    try {
      this.storage.setItem(this.key, JSON.stringify({ version, saved, content }));
      return true;
    } catch {
      // A full or forbidden storage costs the draft its safety net, not the operator the draft.
      return false;
    }
  }

  clear(): void {
    this.storage.removeItem(this.key);
  }
}

function parse(text: string): StoredDraft | null {
  try {
    const value = JSON.parse(text) as Partial<StoredDraft> & { version?: number };
    const isOurs = value.version === version && isPolicy(value.saved) && isPolicy(value.content);
    return isOurs ? withTests(value as StoredDraft) : null;
  } catch {
    // Written by something else: as good as no draft.
    return null;
  }
}

/** Drafts that were stored before there were access tests have none. */
function withTests({ saved, content }: StoredDraft): StoredDraft {
  const tested = <Policy extends PolicyContent>(policy: Policy): Policy => ({ ...policy, tests: policy.tests ?? [] });
  return { saved: tested(saved), content: tested(content) };
}

function isPolicy(value: PolicyContent | undefined): boolean {
  return Array.isArray(value?.rules) && typeof value.settings === 'object';
}
