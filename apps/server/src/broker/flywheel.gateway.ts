import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { acceptFlywheel, Broker, WebSocketLink } from '@perch/broker';
import type { Config } from '../config/config.schema.js';
import { InjectConfig } from '../config/config.module.js';
import { FLYWHEEL_PATH } from '../config/door-paths.js';
import { FrontDoor } from './front-door.js';
import { arrivalOf } from './listeners/arrivals.js';
import { webSocketPeer } from './web-socket-peer.js';

/** FLYWHEEL: topics in plain text and binary frames. */
@WebSocketGateway({ path: FLYWHEEL_PATH })
export class FlywheelGateway implements OnGatewayConnection<Socket> {
  constructor(
    private readonly broker: Broker,
    private readonly frontDoor: FrontDoor,
    @InjectConfig() private readonly config: Config,
  ) {}

  handleConnection(socket: Socket, request: IncomingMessage): void {
    const { clock } = this.broker;
    const { maxMessageBytes } = this.frontDoor;
    const link = new WebSocketLink(socket, {
      frames: 'messages',
      maxMessageBytes,
      clock,
      peer: webSocketPeer(request),
    });
    const { flywheelIdleSeconds, flywheelPingSeconds, flywheelRevoked } = this.config;
    const flywheel = {
      idleMs: flywheelIdleSeconds * 1000,
      pingMs: flywheelPingSeconds * 1000,
      disconnectRevoked: flywheelRevoked === 'disconnect',
    };
    acceptFlywheel(this.broker, link, { terms: arrivalOf(socket).terms, flywheel });
  }
}
