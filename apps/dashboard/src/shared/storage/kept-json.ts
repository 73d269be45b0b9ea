type KeyedStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What is kept under a key in this browser; null where nothing is, or what is there is no JSON. */
export function readJson(key: string, storage: KeyedStorage = localStorage): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** Keeps a value under a key in this browser. One that keeps nothing is no error: the value lasts as long as the page. */
export function keepJson(key: string, value: unknown, storage: KeyedStorage = localStorage): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or not allowed.
  }
}
