import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptFlock, Broker } from '@perch/broker';
import { AccessControl } from '../policy/access-control.js';
import { FLOCK_PATH } from '../config/door-paths.js';
import { credentialsIn } from './callers/caller-claim.js';
import { arrivalOf } from './listeners/arrivals.js';
import { WebSocketLinks } from './web-socket-links.js';

/** FLOCK: subscriptions as JSON, for clients that publish over HTTP. */
@WebSocketGateway({ path: FLOCK_PATH })
export class FlockGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly links: WebSocketLinks,
    private readonly access: AccessControl,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const link = this.links.open(socket, request, 'messages');
    const shown = credentialsIn(request.headers, this.access.current.settings);
    acceptFlock(this.broker, link, { terms: arrivalOf(socket).terms, shown });
  }
}
