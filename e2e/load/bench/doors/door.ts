import type { WebSocket } from 'ws';

/** What a client does in a load. */
export type Role = 'subscriber' | 'publisher';

/** Where a door is, and as whom clients come. */
export interface DoorPlace {
  /** `ws://host:port`, without a path. */
  readonly origin: string;
  readonly username: string | null;
  readonly password: string | null;
}

/** How clients of one door speak, over bare WebSockets. */
export interface Door {
  readonly subprotocols: readonly string[];
  /** The path that a client asks for. */
  path(role: Role, room: string): string;
  /** Says what has to be said first; resolves when a subscriber is subscribed, and a publisher may publish. */
  enter(socket: WebSocket, place: DoorPlace, visit: Visit): Promise<void>;
  /** What a publisher sends: the payload, to all subscribers of the room. */
  publication(room: string, payload: string): string | Buffer;
  /** The payloads in what a subscriber got. */
  payloads(data: Buffer): readonly string[];
}

/** Who enters. */
export interface Visit {
  readonly role: Role;
  readonly room: string;
  readonly clientId: string;
}

/** The next message for which the reader finds an answer; rejects when the connection ends before. */
export function answer<T>(socket: WebSocket, read: (data: Buffer) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const take = (data: Buffer) => {
      const found = read(data);
      if (found === null) return;
      socket.off('message', take);
      socket.off('close', fail);
      resolve(found);
    };
    const fail = (code: number) => reject(new Error(`The connection has ended with ${code}.`));
    socket.on('message', take);
    socket.once('close', fail);
  });
}
