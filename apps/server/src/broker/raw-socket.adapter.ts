import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { FrontDoor } from './front-door.js';

/**
 * Gives Nest's gateways bare WebSockets. Nest serves the upgrade, the path and the connection hook;
 * no frame passes through it: its own parser would cost several times what `ws` does.
 */
export class RawSocketAdapter extends WsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly frontDoor: FrontDoor,
  ) {
    super(app);
  }

  override create(port: number, options: Record<string, unknown> & { path: string }): WebSocketServer {
    const door: ServerOptions = this.frontDoor.optionsFor(options.path);
    return super.create(port, { ...options, ...door }) as WebSocketServer;
  }

  /** Nothing is bound: frames go from the socket to the broker's link. */
  override bindMessageHandlers(): void {}

  /** A link reports its own errors; the stock adapter would log a line for every broken peer. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (client: WebSocket) => client.on('error', () => undefined));
    return server;
  }
}
