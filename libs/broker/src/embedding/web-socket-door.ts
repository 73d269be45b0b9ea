import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { SUBPROTOCOL } from '@perch/wire';
import type { Broker } from '../broker.js';
import {
  chooseSubprotocol,
  faultInUpgrade,
  refuseUpgrade,
  takeUpgrade,
  upgradeAnswer,
  upgradePath,
} from '../links/web-socket-handshake.js';
import { WebSocketLink } from '../links/web-socket-link.js';
import { acceptJson } from '../protocols/json/json-connection.js';
import { acceptMqtt } from '../protocols/mqtt/accept-mqtt.js';

/** Where WebSockets are taken; null for nowhere. */
export interface WebSocketPaths {
  readonly mqtt?: string | null;
  readonly json?: string | null;
}

/** How an upgrade comes. */
export interface Upgrade {
  readonly head: Buffer;
  readonly paths: WebSocketPaths | undefined;
  /** Nobody else takes upgrades: what is for none of the paths is answered here. */
  readonly isLast: boolean;
  readonly isSecure: boolean;
}

const MQTT = { frames: 'binary', subprotocols: ['mqtt', 'mqttv3.1'], accept: acceptMqtt } as const;
const JSON_PROTOCOL = { frames: 'text', subprotocols: [SUBPROTOCOL], accept: acceptJson } as const;

/** Makes WebSockets of upgrades, and clients of those. */
export class WebSocketDoor {
  constructor(private readonly broker: Broker) {}

  enter(request: IncomingMessage, socket: Socket, { head, paths = {}, isLast, isSecure }: Upgrade): void {
    const { mqtt = '/mqtt', json = '/ws' } = paths;
    const path = upgradePath(request);
    const protocol = path === mqtt ? MQTT : path === json ? JSON_PROTOCOL : null;
    if (!protocol && !isLast) return;
    takeUpgrade(socket, head);
    if (!protocol) return refuseUpgrade(socket, { status: 404, reason: 'There is no WebSocket here.' });
    const subprotocol = faultInUpgrade(request) ?? chooseSubprotocol(request, protocol.subprotocols);
    if (typeof subprotocol !== 'string') return refuseUpgrade(socket, subprotocol);
    socket.write(upgradeAnswer(request, subprotocol));
    const { clock, limits } = this.broker;
    const peer = { address: socket.remoteAddress ?? null, port: socket.remotePort ?? null, isSecure };
    const link = new WebSocketLink(socket, {
      frames: protocol.frames,
      maxMessageBytes: limits.packetBytes,
      clock,
      peer: { ...peer, certificateName: null },
    });
    protocol.accept(this.broker, link);
  }
}
