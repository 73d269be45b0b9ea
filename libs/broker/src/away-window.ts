import type { SharedFrames } from './frame.js';
import type { Limits } from './limits.js';

/** What a session that outlives its connection for a little while, in memory, keeps for its client meanwhile. */
export interface AwayWindow {
  /** A delivery while nobody is there. False when it is not kept. */
  keep(frames: SharedFrames, retain: boolean): boolean;
  /** The rights have become narrower: what may no longer be seen goes. */
  forgetUnreachable(maySee: (topic: string) => boolean): void;
  /** The session has ended. */
  end(): void;
}

/** What all windows of a broker hold together, against what they may. */
export class AwayRoom {
  /** Bytes, each frame counted for each window that has it. */
  bytes = 0;
  windows = 0;

  constructor(
    readonly limits: Pick<Limits, 'resumeMessages' | 'resumeBytes' | 'resumeBytesTotal' | 'resumableSessions'>,
  ) {}

  get hasRoom(): boolean {
    return this.windows < this.limits.resumableSessions;
  }
}
