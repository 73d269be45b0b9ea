import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptFlywheel, Broker } from '@perch/broker';
import type { Config } from '../config/config.schema.js';
import { InjectConfig } from '../config/config.module.js';
import { FLYWHEEL_PATH } from '../config/door-paths.js';
import { arrivalOf } from './listeners/arrivals.js';
import { WebSocketLinks } from './web-socket-links.js';

/** FLYWHEEL: topics in plain text and binary frames. */
@WebSocketGateway({ path: FLYWHEEL_PATH })
export class FlywheelGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly links: WebSocketLinks,
    @InjectConfig() private readonly config: Config,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const link = this.links.open(socket, request, 'messages');
    const { flywheelIdleSeconds, flywheelPingSeconds, flywheelRevoked } = this.config;
    const flywheel = {
      idleMs: flywheelIdleSeconds * 1000,
      pingMs: flywheelPingSeconds * 1000,
      disconnectRevoked: flywheelRevoked === 'disconnect',
    };
    acceptFlywheel(this.broker, link, { terms: arrivalOf(socket).terms, flywheel });
  }
}
