import type { Frame } from './frame.js';

/** A frame on its way to one link, and what goes after it. */
export class Outgoing {
  next: Outgoing | null = null;

  constructor(
    readonly frame: Frame,
    /** What is written where the frame has a packet id. */
    readonly packetId: number,
  ) {}
}

/** Joins the frames, the first and all after it, into what the link writes. */
export type Packer = (first: Outgoing) => Buffer[];
