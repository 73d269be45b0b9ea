import type { IncomingMessage } from 'node:http';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptMqtt, Broker, WebSocketLink } from '@perch/broker';
import type { WebSocket } from 'ws';
import { MQTT_PATH } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** MQTT over WebSocket [MQTT 6]. */
@WebSocketGateway({ path: MQTT_PATH })
export class MqttGateway implements OnGatewayConnection<WebSocket> {
  constructor(private readonly broker: Broker) {}

  handleConnection(webSocket: WebSocket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const link = new WebSocketLink(webSocket, { frames: 'binary', clock, peer: webSocketPeer(request) });
    acceptMqtt(this.broker, link, arrivalOf(request.socket).terms);
  }
}
