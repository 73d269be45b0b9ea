import { randomBytes } from 'node:crypto';
import type { AwayRoom, AwayWindow } from './away-window.js';
import { Fifo } from './fifo.js';
import { shapeOf, type Frame, type SharedFrames, type WireFormat } from './frame.js';
import { FRAME_OVERHEAD_BYTES } from './outbox.js';

interface Kept {
  /** Null when it may no longer be seen. */
  frame: Frame | null;
  readonly expiresAt: number | null;
}

/** What a client that comes back is owed. */
export interface Missed {
  /** Messages that are not kept any more. */
  readonly lost: number;
  readonly frames: readonly Frame[];
}

/**
 * The last messages of one session, numbered: those that its connection was sent, as nobody knows which of them arrived,
 * and those that came while the client was away. At its bounds the oldest go.
 */
export class ResumeWindow implements AwayWindow {
  /** Knowing it is not enough to resume: the client has to be the same user, too. */
  readonly id = randomBytes(18).toString('base64url');
  /** The number of the last message; the first has 1. */
  offset = 0;
  /** What the client had subscribed to when it was lost. */
  filters: readonly string[] = [];
  private bytes = 0;
  private readonly kept = new Fifo<Kept>();

  constructor(
    private readonly room: AwayRoom,
    private readonly format: WireFormat,
  ) {
    room.windows++;
  }

  /** The frame is on its way over the connection. */
  sent(frame: Frame): void {
    this.add({ frame, expiresAt: null });
  }

  keep(frames: SharedFrames, retain: boolean): boolean {
    const frame = frames.get(this.format, shapeOf(0, retain), null);
    if (frame) this.add({ frame, expiresAt: frames.message.expiresAt });
    return frame !== null;
  }

  /** Everything up to this number has arrived. */
  arrived(offset: number): void {
    while (this.kept.size > 0 && this.firstOffset <= offset) this.forgetOldest();
  }

  /** Takes out what came after this number, and numbers anew from there: it is to be sent again. */
  rewind(offset: number, now: number): Missed {
    const reached = Math.min(offset, this.offset);
    this.arrived(reached);
    const lost = this.firstOffset - 1 - reached;
    const owed = this.kept.waiting().filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    this.clear();
    this.offset = reached + lost;
    return { lost, frames: owed.map(({ frame }) => frame).filter((frame) => frame !== null) };
  }

  forgetUnreachable(maySee: (topic: string) => boolean): void {
    for (const kept of this.kept.waiting()) {
      if (!kept.frame || maySee(kept.frame.topic as string)) continue;
      this.weigh(-weightOf(kept));
      kept.frame = null;
    }
  }

  end(): void {
    this.clear();
    this.room.windows--;
  }

  private get firstOffset(): number {
    return this.offset - this.kept.size + 1;
  }

  private add(kept: Kept): void {
    this.offset++;
    this.kept.push(kept);
    this.weigh(weightOf(kept));
    while (this.kept.size > 0 && this.isOver) this.forgetOldest();
  }

  private get isOver(): boolean {
    const { limits, bytes } = this.room;
    return this.kept.size > limits.resumeMessages || this.bytes > limits.resumeBytes || bytes > limits.resumeBytesTotal;
  }

  private forgetOldest(): void {
    const kept = this.kept.shift();
    if (kept) this.weigh(-weightOf(kept));
  }

  private clear(): void {
    this.weigh(-this.bytes);
    this.kept.clear();
  }

  private weigh(bytes: number): void {
    this.bytes += bytes;
    this.room.bytes += bytes;
  }
}

function weightOf({ frame }: Kept): number {
  return frame ? frame.length + FRAME_OVERHEAD_BYTES : 0;
}
