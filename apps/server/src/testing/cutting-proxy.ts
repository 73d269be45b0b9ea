import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** When the connection is cut: before Postgres gets the COMMIT, or after it has answered. */
export type Cut = 'before COMMIT' | 'after COMMIT';

/** Stands between a client and a Postgres, and loses connections at the worst moments. */
export class CuttingProxy {
  /** Cuts at the next commit, once. */
  cutNext: Cut | null = null;
  private readonly server = createServer((client) => this.join(client));
  private readonly sockets = new Set<Socket>();

  constructor(private readonly target: URL) {}

  /** Resolves with where to connect to. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const postgres = connect(Number(this.target.port), this.target.hostname);
    let isCutting = false;
    const cut = () => {
      client.destroy();
      postgres.destroy();
    };
    for (const socket of [client, postgres]) {
      this.sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (bytes) => {
      if (this.cutNext === null || !bytes.includes('COMMIT')) return postgres.write(bytes);
      isCutting = this.cutNext === 'after COMMIT';
      this.cutNext = null;
      return isCutting ? postgres.write(bytes) : cut();
    });
    postgres.on('data', (bytes) => (isCutting ? cut() : client.write(bytes)));
  }
}
