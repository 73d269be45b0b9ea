import { Injectable } from '@nestjs/common';

/** Where clients come in with one HTTP request: messages, batches, events of FLOCK, event streams, and the registry. */
export type HttpDoor = 'publish' | 'batch' | 'event' | 'subscribe' | 'registry';

/** What was asked for at one door, and what became of it. Plain numbers, raised in place. */
export class DoorTally {
  requests = 0;
  /** Messages that were taken. */
  messages = 0;
  /** Requests, and messages of a batch, that were refused: by the code of the problem. */
  readonly refusals: Record<string, number> = {};

  /** Counts one refusal. */
  refuse(code: string): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
  }
}

/** What each of the doors has seen since the start. */
@Injectable()
export class HttpDoors {
  readonly at: Readonly<Record<HttpDoor, DoorTally>> = {
    publish: new DoorTally(),
    batch: new DoorTally(),
    event: new DoorTally(),
    subscribe: new DoorTally(),
    registry: new DoorTally(),
  };
}
