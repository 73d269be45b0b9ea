import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createTestDatabase } from '../../testing/test-database.js';

/** A test database behind a door that a test can shut. */
export interface BreakableDatabase {
  readonly url: string;
  /** Breaks every connection and takes no new one. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes one. Drop it after the server that uses it has closed. */
export async function breakableDatabase(): Promise<BreakableDatabase> {
  const database = await createTestDatabase();
  const target = new URL(database.url);
  const sockets = new Set<Socket>();
  const pass = (client: Socket) => {
    const server = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => sockets.delete(socket) && other.destroy());
      socket.pipe(other);
    }
  };
  let door = await listen(pass, 0);
  const { port } = door.address() as AddressInfo;
  const cut = async () => {
    const closed = once(door, 'close');
    door.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(port) }).href,
    cut,
    restore: async () => void (door = await listen(pass, port)),
    drop: async () => {
      await cut();
      await database.drop();
    },
  };
}

async function listen(pass: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(pass).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
