import type { Server, Socket } from 'node:net';

/** Decides about a socket: calls `admit`, now or later, or ends it. */
export type Judge<Accepted extends Socket> = (socket: Accepted, admit: () => void) => void;

/**
 * Puts a judge before what a server does with its sockets: nothing in it sees one that was not admitted.
 * Call it when the server has its handlers; of two gates the later one comes first.
 */
export function gate<Accepted extends Socket>(
  server: Server,
  event: 'connection' | 'secureConnection',
  judge: Judge<Accepted>,
): void {
  const handlers = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: Accepted) => {
    judge(socket, () => {
      for (const handle of handlers) Reflect.apply(handle, server, [socket]);
    });
  });
}
