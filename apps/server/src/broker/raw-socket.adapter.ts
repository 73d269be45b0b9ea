import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { AbstractWsAdapter } from '@nestjs/websockets';
import {
  faultInUpgrade,
  refuseUpgrade,
  takeUpgrade,
  upgradeAnswer,
  upgradePath,
  type UpgradeRefusal,
} from '@perch/broker';
import type { Admission, FrontDoor } from './front-door.js';

const NOT_FOUND: UpgradeRefusal = {
  status: 404,
  reason: 'There is no WebSocket here. MQTT is at /mqtt, with the subprotocol mqtt.',
};
const CANNOT_CHECK: UpgradeRefusal = {
  status: 503,
  reason: 'The broker cannot check who you are now; try again.',
};
const CLOSING: UpgradeRefusal = { status: 503, reason: 'The broker is shutting down.' };

/**
 * Gives Nest's gateways bare sockets, each with its request: what is a WebSocket when its upgrade has been answered here.
 * Nest serves the path and the connection hook; no frame passes through it.
 */
export class RawSocketAdapter extends AbstractWsAdapter {
  private readonly entrances = new Map<string, Entrance>();

  constructor(
    app: INestApplicationContext,
    private readonly frontDoor: FrontDoor,
  ) {
    super(app);
    (this.httpServer as Server).on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      takeUpgrade(socket, head);
      this.upgrade(request, socket);
    });
  }

  override create(_port: number, { path }: { path: string }): Entrance {
    const entrance = new Entrance(() => this.entrances.delete(path));
    this.entrances.set(path, entrance);
    return entrance;
  }

  /** Nothing is bound: frames go from the socket to the broker's link. */
  override bindMessageHandlers(): void {}

  /** Nor is the end of a socket, which its link tells the broker. */
  override bindClientDisconnect(): void {}

  private upgrade(request: IncomingMessage, socket: Socket): void {
    const door = this.frontDoor.doorAt(upgradePath(request), request);
    if (door === null) return refuseUpgrade(socket, NOT_FOUND);
    const fault = faultInUpgrade(request);
    if (fault) return refuseUpgrade(socket, fault);
    const admission = this.frontDoor.admit(door, request);
    const visit = { door, request, socket };
    if (!(admission instanceof Promise)) return this.conclude(visit, admission);
    admission.then(
      (decided) => this.conclude(visit, decided),
      () => refuseUpgrade(socket, CANNOT_CHECK),
    );
  }

  private conclude({ door, request, socket }: Visit, admission: Admission): void {
    if (!admission.isAdmitted) return refuseUpgrade(socket, admission.refusal);
    const entrance = this.entrances.get(door);
    if (!entrance) return refuseUpgrade(socket, CLOSING);
    // It may have gone meanwhile.
    if (!socket.readable || !socket.writable) return void socket.destroy();
    socket.write(upgradeAnswer(request, admission.subprotocol));
    entrance.emit('connection', socket, request);
  }
}

/** An upgrade, and the door that it is at. */
interface Visit {
  readonly door: string;
  readonly request: IncomingMessage;
  readonly socket: Socket;
}

/** What a gateway listens at, until it is closed. */
class Entrance extends EventEmitter {
  constructor(private readonly closed: () => void) {
    super();
  }

  close(done: () => void): void {
    this.closed();
    done();
  }
}
