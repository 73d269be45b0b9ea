import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OnModuleDestroy } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptJson, Broker, WebSocketLink } from '@perch/broker';
import { closeCodes } from '@perch/wire';
import { type EndedSession, OperatorSessions, type SignedIn } from '../features/operators/operator-sessions.js';
import { liveFeedGrants } from '../policy/operator-grants.js';
import { FrontDoor, JSON_PATH } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** Our own JSON protocol: the dashboard's live feed, and any client that binds with user credentials. */
@WebSocketGateway({ path: JSON_PATH })
export class JsonGateway implements OnGatewayConnection<Socket>, OnModuleDestroy {
  /** Links that live on an operator's sign-in. */
  private readonly operatorLinks = new Map<WebSocketLink, SignedIn>();
  private readonly stopListening: () => void;

  constructor(
    private readonly broker: Broker,
    private readonly frontDoor: FrontDoor,
    sessions: OperatorSessions,
  ) {
    this.stopListening = sessions.whenEnded((ended) => this.endLinksOf(ended));
  }

  onModuleDestroy(): void {
    this.stopListening();
  }

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const { maxMessageBytes } = this.frontDoor;
    const link = new WebSocketLink(socket, { frames: 'text', maxMessageBytes, clock, peer: webSocketPeer(request) });
    const visitor = this.frontDoor.visitorOf(request);
    if (visitor.kind === 'signed-out') return signOut(link);
    const { terms } = arrivalOf(socket);
    if (visitor.kind === 'stranger') return acceptJson(this.broker, link, { terms });
    const { operator } = visitor.signedIn;
    this.operatorLinks.set(link, visitor.signedIn);
    socket.once('close', () => this.operatorLinks.delete(link));
    const grants = liveFeedGrants(operator.name, link.address);
    acceptJson(this.broker, link, { operator: { name: operator.name, grants }, terms });
  }

  private endLinksOf({ operatorId, sessionId }: EndedSession): void {
    for (const [link, signedIn] of this.operatorLinks) {
      if (signedIn.operator.id !== operatorId) continue;
      if (sessionId === null || signedIn.sessionId === sessionId) signOut(link);
    }
  }
}

function signOut(link: WebSocketLink): void {
  link.end(closeCodes.badCredentials.code, 'The sign-in has ended.');
}
