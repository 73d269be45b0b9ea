import { Injectable } from '@nestjs/common';

/** One door that clients and browsers come in by. */
export interface Listener {
  readonly kind: 'http' | 'mqtt' | 'mqtt-ws' | 'json-ws';
  readonly port: number;
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

  /** The port of this kind of door, or null when there is none. */
  portOf(kind: Listener['kind']): number | null {
    return this.open.find((listener) => listener.kind === kind)?.port ?? null;
  }
}
