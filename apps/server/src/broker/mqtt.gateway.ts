import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptMqtt, Broker } from '@perch/broker';
import { MQTT_PATH } from '../config/door-paths.js';
import { arrivalOf } from './listeners/arrivals.js';
import { WebSocketLinks } from './web-socket-links.js';

/** MQTT over WebSocket [MQTT 6]. */
@WebSocketGateway({ path: MQTT_PATH })
export class MqttGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly links: WebSocketLinks,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const link = this.links.open(socket, request, 'binary');
    acceptMqtt(this.broker, link, arrivalOf(socket).terms);
  }
}
