import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Broker, WebSocketLink, type WebSocketLinkOptions } from '@perch/broker';
import type { Config } from '../config/config.schema.js';
import { InjectConfig } from '../config/config.module.js';
import { arrivalOf } from './listeners/arrivals.js';
import { clientOf } from './listeners/client-of.js';

/** Makes links of the WebSockets that have been let in. */
@Injectable()
export class WebSocketLinks {
  /** The longest WebSocket message of any listener. */
  private readonly maxMessageBytes: number;

  constructor(
    private readonly broker: Broker,
    @InjectConfig() { maxPacketBytes, listeners }: Config,
  ) {
    this.maxMessageBytes = Math.max(maxPacketBytes, ...listeners.map((each) => each.maxPacketBytes ?? 0));
  }

  open(socket: Socket, request: IncomingMessage, frames: WebSocketLinkOptions['frames']): WebSocketLink {
    const { address, port, isSecure } = clientOf(request);
    const peer = { address, port, isSecure, certificateName: arrivalOf(socket).certificateName };
    return new WebSocketLink(socket, {
      frames,
      maxMessageBytes: this.maxMessageBytes,
      clock: this.broker.clock,
      peer,
    });
  }
}
