import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OnModuleDestroy } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptJson, Broker, type Clock, WebSocketLink } from '@perch/broker';
import { closeCodes } from '@perch/wire';
import { type EndedSignIn, isEnded, type SignedIn } from '../features/sign-in/signed-in.js';
import { SignIns } from '../features/sign-in/sign-ins.js';
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
    signIns: SignIns,
  ) {
    this.stopListening = signIns.whenEnded((ended) => this.endLinksOf(ended));
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
    this.keepFor(visitor.signedIn, link, socket);
    const { operator } = visitor.signedIn;
    const grants = liveFeedGrants(operator.name, link.address);
    acceptJson(this.broker, link, { operator: { name: operator.name, grants }, terms });
  }

  private keepFor(signedIn: SignedIn, link: WebSocketLink, socket: Socket): void {
    this.operatorLinks.set(link, signedIn);
    const stop = atTime(this.broker.clock, signedIn.expiresAt, () => signOut(link));
    socket.once('close', () => {
      stop();
      this.operatorLinks.delete(link);
    });
  }

  private endLinksOf(ended: EndedSignIn): void {
    for (const [link, signedIn] of this.operatorLinks) if (isEnded(signedIn, ended)) signOut(link);
  }
}

function signOut(link: WebSocketLink): void {
  link.end(closeCodes.badCredentials.code, 'The sign-in has ended.');
}

/** A timer of Node holds for 24 days at most. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs at this time, however far away; never for null. Returns how to stop it. */
function atTime(clock: Clock, at: Date | null, run: () => void): () => void {
  if (at === null) return () => undefined;
  let stop = () => {};
  const wait = () => {
    const leftMs = at.getTime() - clock.now();
    stop = leftMs <= 0 ? clock.after(0, run) : clock.after(Math.min(leftMs, longestTimerMs), wait);
  };
  wait();
  return () => stop();
}
