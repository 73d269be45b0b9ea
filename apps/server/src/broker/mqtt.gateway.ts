import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptMqtt, Broker, WebSocketLink } from '@perch/broker';
import { MQTT_PATH } from '../config/door-paths.js';
import { FrontDoor } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** MQTT over WebSocket [MQTT 6]. */
@WebSocketGateway({ path: MQTT_PATH })
export class MqttGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly frontDoor: FrontDoor,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const { maxMessageBytes } = this.frontDoor;
    const link = new WebSocketLink(socket, { frames: 'binary', maxMessageBytes, clock, peer: webSocketPeer(request) });
    acceptMqtt(this.broker, link, arrivalOf(socket).terms);
  }
}
