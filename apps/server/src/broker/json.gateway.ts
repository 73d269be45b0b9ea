import type { IncomingMessage } from 'node:http';
import type { OnModuleDestroy } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptJson, Broker, WebSocketLink } from '@perch/broker';
import { closeCodes } from '@perch/wire';
import type { WebSocket } from 'ws';
import { type EndedSession, OperatorSessions, type SignedIn } from '../features/operators/operator-sessions.js';
import { operatorGrants } from '../policy/operator-grants.js';
import { FrontDoor, JSON_PATH } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** Our own JSON protocol: the dashboard's live feed, and any client that binds with user credentials. */
@WebSocketGateway({ path: JSON_PATH })
export class JsonGateway implements OnGatewayConnection<WebSocket>, OnModuleDestroy {
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

  handleConnection(webSocket: WebSocket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const link = new WebSocketLink(webSocket, { frames: 'text', clock, peer: webSocketPeer(request) });
    const visitor = this.frontDoor.visitorOf(request);
    if (visitor.kind === 'signed-out') return signOut(link);
    const { terms } = arrivalOf(request.socket);
    if (visitor.kind === 'stranger') return acceptJson(this.broker, link, { terms });
    const { operator } = visitor.signedIn;
    this.operatorLinks.set(link, visitor.signedIn);
    webSocket.once('close', () => this.operatorLinks.delete(link));
    const grants = operatorGrants(operator.role, operator.name, link.address);
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
