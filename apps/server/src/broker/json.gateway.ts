import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptJson, Broker, type WebSocketLink } from '@perch/broker';
import { closeCodes } from '@perch/wire';
import { keepOpen } from '../features/sign-in/keep-open.js';
import type { SignedIn } from '../features/sign-in/signed-in.js';
import { SignIns } from '../features/sign-in/sign-ins.js';
import { liveFeedGrants } from '../policy/operator-grants.js';
import { JSON_PATH } from '../config/door-paths.js';
import { FrontDoor } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { WebSocketLinks } from './web-socket-links.js';

/** Our own JSON protocol: the dashboard's live feed, and any client that binds with user credentials. */
@WebSocketGateway({ path: JSON_PATH })
export class JsonGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly frontDoor: FrontDoor,
    private readonly links: WebSocketLinks,
    private readonly signIns: SignIns,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const link = this.links.open(socket, request, 'text');
    const visitor = this.frontDoor.visitorOf(request);
    if (visitor.kind === 'signed-out') return signOut(link);
    const { terms } = arrivalOf(socket);
    if (visitor.kind === 'stranger') return acceptJson(this.broker, link, { terms });
    this.keepFor(visitor.signedIn, link, request);
    const { operator } = visitor.signedIn;
    const grants = liveFeedGrants(operator.name, link.address);
    acceptJson(this.broker, link, { operator: { name: operator.name, grants }, terms });
  }

  private keepFor(signedIn: SignedIn, link: WebSocketLink, { socket, headers }: IncomingMessage): void {
    const stop = keepOpen(this.broker.agenda, this.signIns, {
      signedIn,
      credentials: { headers, address: link.address },
      showsPayloads: false,
      ended: (why) => (why === 'unknown' ? cannotTell(link) : signOut(link)),
    });
    socket.once('close', stop);
  }
}

function signOut(link: WebSocketLink): void {
  link.end(closeCodes.badCredentials.code, 'The sign-in has ended.');
}

/** It may come back, and is asked then. */
function cannotTell(link: WebSocketLink): void {
  link.end(closeCodes.internalError.code, 'The broker cannot check who you are now.');
}
