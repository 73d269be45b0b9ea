import { createContext, useCallback, useContext, useState, useSyncExternalStore } from 'react';

/** Which clients are chosen for an action on all of them. Rows watch it one by one: choosing one paints one. */
export class ClientSelection {
  private chosen: ReadonlySet<string> = new Set();
  private anchor: string | null = null;
  private readonly listeners = new Set<() => void>();

  /** All that are chosen, in the order in which they were; another set whenever it changes. */
  readonly getIds = (): ReadonlySet<string> => this.chosen;

  readonly onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Turns one around; as a range, gives all between it and the last one the state that this one gets. */
  toggle(clientId: string, range: readonly string[] | null = null): void {
    const isOn = !this.chosen.has(clientId);
    const next = new Set(this.chosen);
    for (const each of between(range, this.anchor, clientId)) {
      if (isOn) next.add(each);
      else next.delete(each);
    }
    this.anchor = clientId;
    this.become(next);
  }

  /** Chooses these and nobody else. */
  choose(clientIds: Iterable<string>): void {
    this.become(new Set(clientIds));
  }

  readonly clear = (): void => this.choose([]);

  private become(chosen: ReadonlySet<string>): void {
    this.chosen = chosen;
    for (const listener of this.listeners) listener();
  }
}

function between(order: readonly string[] | null, from: string | null, to: string): readonly string[] {
  if (order === null || from === null) return [to];
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  return a < 0 || b < 0 ? [to] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

const Current = createContext(new ClientSelection());

export const SelectionProvider = Current.Provider;

/** The selection of the page, for those who change it. */
export function useSelection(): ClientSelection {
  return useContext(Current);
}

/** A selection of one's own, for a page to give to its parts. */
export function useNewSelection(): ClientSelection {
  return useState(() => new ClientSelection())[0];
}

/** Whether one client is chosen. */
export function useIsChosen(clientId: string): boolean {
  const selection = useSelection();
  const read = useCallback(() => selection.getIds().has(clientId), [selection, clientId]);
  return useSyncExternalStore(selection.onChange, read);
}

/** All that are chosen. */
export function useChosen(): ReadonlySet<string> {
  const selection = useSelection();
  return useSyncExternalStore(selection.onChange, selection.getIds);
}
