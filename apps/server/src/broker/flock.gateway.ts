import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptFlock, Broker, WebSocketLink } from '@perch/broker';
import { AccessControl } from '../policy/access-control.js';
import { FLOCK_PATH } from '../config/door-paths.js';
import { credentialsIn } from './callers/caller-claim.js';
import { FrontDoor } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** FLOCK: subscriptions as JSON, for clients that publish over HTTP. */
@WebSocketGateway({ path: FLOCK_PATH })
export class FlockGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly frontDoor: FrontDoor,
    private readonly access: AccessControl,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const { maxMessageBytes } = this.frontDoor;
    const link = new WebSocketLink(socket, {
      frames: 'messages',
      maxMessageBytes,
      clock,
      peer: webSocketPeer(request),
    });
    const shown = credentialsIn(request.headers, this.access.current.settings);
    acceptFlock(this.broker, link, { terms: arrivalOf(socket).terms, shown });
  }
}
