import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { SUBPROTOCOL } from '@perch/wire';
import type { Broker } from '../broker.js';
import {
  faultInUpgrade,
  offeredSubprotocols,
  refusalAnswer,
  upgradeAnswer,
  type UpgradeRefusal,
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
    const path = request.url?.split('?', 1)[0];
    const protocol = path === mqtt ? MQTT : path === json ? JSON_PROTOCOL : null;
    if (!protocol && !isLast) return;
    // A peer that goes during its upgrade is no news; the link has an ear of its own.
    socket.on('error', () => undefined);
    if (!protocol) return refuse(socket, { status: 404, reason: 'There is no WebSocket here.' });
    const offered = offeredSubprotocols(request);
    const subprotocol = protocol.subprotocols.find((name) => offered.includes(name));
    const fault = faultInUpgrade(request) ?? (subprotocol === undefined ? noneOf(protocol.subprotocols) : null);
    if (fault) return refuse(socket, fault);
    if (head.length > 0) socket.unshift(head);
    socket.write(upgradeAnswer(request, subprotocol ?? null));
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

function noneOf(subprotocols: readonly string[]): UpgradeRefusal {
  return { status: 400, reason: `Ask for the subprotocol ${subprotocols.join(' or ')}.` };
}

function refuse(socket: Socket, refusal: UpgradeRefusal): void {
  socket.end(refusalAnswer(refusal), () => socket.destroy());
}
