import type { RawSearch } from '../../shared/search/search.js';
import { keepJson, readJson } from '../../shared/storage/kept-json.js';

/** An address of the clients page under a name. */
export interface SavedView {
  readonly name: string;
  readonly search: RawSearch;
}

const MOST_VIEWS = 50;

/** Keeps the views of one operator in this browser. */
export class SavedViewStore {
  private readonly key: string;

  constructor(
    operator: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
  ) {
    this.key = `perch-client-views:${operator}`;
  }

  /** Empty where nothing is kept, or what is kept is not ours. */
  read(): readonly SavedView[] {
    const kept = readJson(this.key, this.storage);
    return Array.isArray(kept) ? kept.filter(isView) : [];
  }

  /** Keeps these, the last ones where they are too many; returns what counts from now on. */
  write(views: readonly SavedView[]): readonly SavedView[] {
    const kept = views.slice(-MOST_VIEWS);
    keepJson(this.key, kept, this.storage);
    return kept;
  }
}

function isView(value: unknown): value is SavedView {
  const view = value as Partial<SavedView> | null;
  return typeof view?.name === 'string' && typeof view.search === 'object' && view.search !== null;
}
