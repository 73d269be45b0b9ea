import { Injectable } from '@nestjs/common';

/** One door that clients and browsers come in by. */
export interface Listener {
  readonly name: string;
  readonly kind: 'http' | 'mqtt' | 'mqtt-ws' | 'json-ws' | 'flywheel-ws' | 'flock-ws' | 'registry';
  /** Over TLS. */
  readonly secure: boolean;
  /** Null for a Unix socket, as the port. */
  readonly host: string | null;
  readonly port: number | null;
  /** The file of a Unix socket, or null. */
  readonly socket: string | null;
  readonly path?: string;
}

/** The doors that are open, in the order they were opened. Whoever listens adds itself, with the port it was given. */
@Injectable()
export class Listeners {
  private readonly open: Listener[] = [];

  add(listener: Listener): void {
    this.open.push(listener);
  }

  list(): readonly Listener[] {
    return this.open;
  }

  /** The port of this kind of door, one without TLS first, or null when there is none. */
  portOf(kind: Listener['kind']): number | null {
    const doors = this.open.filter((listener) => listener.kind === kind && listener.port !== null);
    return (doors.find(({ secure }) => !secure) ?? doors[0])?.port ?? null;
  }
}
