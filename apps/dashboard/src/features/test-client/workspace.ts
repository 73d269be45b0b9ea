import type { ConnectionForm } from './connection-form.js';
import { TestConnection } from './test-connection.js';

/** A browser's memory, and a broker's patience, are spared. */
export const MOST_CONNECTIONS = 4;

/** What is open: the tabs, and the one in front. Replaced, never changed. */
export interface WorkspaceState {
  readonly connections: readonly TestConnection[];
  readonly activeId: number;
}

/** The connections of the test client. They outlive the page, so that one can look at a rule and come back. */
export class Workspace {
  private ids = 0;
  private current: WorkspaceState;
  private readonly watchers = new Set<() => void>();

  constructor() {
    this.current = { connections: [new TestConnection(++this.ids)], activeId: this.ids };
  }

  readonly state = (): WorkspaceState => this.current;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  open(form: Partial<ConnectionForm> = {}): void {
    const { connections } = this.current;
    if (connections.length >= MOST_CONNECTIONS) return;
    const connection = new TestConnection(++this.ids, form);
    this.change({ connections: [...connections, connection], activeId: connection.id });
  }

  show(id: number): void {
    this.change({ ...this.current, activeId: id });
  }

  /** Ends a connection and takes its tab away; the last one leaves an empty one. */
  close(id: number): void {
    const { connections, activeId } = this.current;
    connections.find((each) => each.id === id)?.disconnect();
    const rest = connections.filter((each) => each.id !== id);
    const left = rest.length > 0 ? rest : [new TestConnection(++this.ids)];
    this.change({ connections: left, activeId: activeId === id ? (left.at(-1)?.id ?? this.ids) : activeId });
  }

  /** Ends everything and forgets every password. */
  closeAll(): void {
    for (const connection of this.current.connections) connection.disconnect();
    this.change({ connections: [new TestConnection(++this.ids)], activeId: this.ids });
  }

  private change(state: WorkspaceState): void {
    this.current = state;
    for (const watcher of this.watchers) watcher();
  }
}

/** The test client of this tab of the browser. */
export const workspace = new Workspace();
