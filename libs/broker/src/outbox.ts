import type { Clock } from './ports/clock.js';
import type { Counters } from './counters.js';
import type { Frame } from './frame.js';
import type { Link } from './link.js';

/** Joins the frames of one turn into what the link writes. `packetIds[i]` belongs to `frames[i]`, 0 for none. */
export type Packer = (frames: readonly Frame[], packetIds: readonly number[]) => Buffer[];

/** What an outbox is told from outside. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limitBytes: number;
  readonly pack: Packer;
  /** More waits for the link than may be dropped: the link has to go. */
  readonly overflowed: () => void;
}

const FLUSH_BYTES = 64 * 1024;
/** What a frame holds in memory besides its bytes; without it acknowledgements of four bytes would cost nearly nothing. */
export const FRAME_OVERHEAD_BYTES = 128;

/**
 * Everything on its way to one link. Frames pushed in one turn of the event loop leave in one write.
 *
 *     idle --push--> dirty --end of turn--> idle
 *                      \--link full--> blocked --drained--> idle
 */
export class Outbox {
  private frames: Frame[] = [];
  private packetIds: number[] = [];
  private waitingBytes = 0;
  private isScheduled = false;
  private isBlocked = false;
  private isClosed = false;
  private pack: Packer;

  constructor(
    private readonly link: Link,
    private readonly options: OutboxOptions,
  ) {
    this.pack = options.pack;
  }

  /** Bytes that wait for the link, in memory. */
  get bytes(): number {
    return this.waitingBytes;
  }

  /** The link takes more, as far as is known. */
  get hasRoom(): boolean {
    return !this.isBlocked && !this.isClosed;
  }

  /** Joins frames in this way from now on. */
  packWith(pack: Packer): void {
    this.pack = pack;
  }

  /** Sends the frame in this turn, or when the link has room. At the bound QoS 0 is dropped, oldest first. */
  push(frame: Frame, packetId: number): void {
    if (this.isClosed) return;
    if (this.waitingBytes + weigh(frame) > this.options.limitBytes && !this.makeRoom(frame)) return;
    this.frames.push(frame);
    this.packetIds.push(packetId);
    this.waitingBytes += weigh(frame);
    if (this.isBlocked) return;
    if (this.waitingBytes >= FLUSH_BYTES) return this.flush();
    if (!this.isScheduled) {
      this.isScheduled = true;
      this.options.clock.soon(this.flushSoon);
    }
  }

  /** Writes what waits, unless the link is full. */
  flush(): void {
    if (this.isBlocked || this.isClosed || this.frames.length === 0) return;
    const buffers = this.pack(this.frames, this.packetIds);
    this.options.counters.packetsSent += this.frames.length;
    this.frames = [];
    this.packetIds = [];
    this.waitingBytes = 0;
    for (const buffer of buffers) this.options.counters.bytesSent += buffer.length;
    this.isBlocked = !this.link.send(buffers);
  }

  /** The link has room again. */
  drained(): void {
    this.isBlocked = false;
    this.flush();
  }

  /** Writes what waits, whatever the link says, and takes no more. */
  finish(): void {
    if (this.isClosed) return;
    this.isBlocked = false;
    this.flush();
    this.discard();
  }

  /** Forgets what waits and takes no more. */
  discard(): void {
    this.isClosed = true;
    this.frames = [];
    this.packetIds = [];
    this.waitingBytes = 0;
  }

  private readonly flushSoon = (): void => {
    this.isScheduled = false;
    this.flush();
  };

  /** True when the frame may be pushed after all. */
  private makeRoom(incoming: Frame): boolean {
    if (!this.isBlocked) {
      this.flush();
      if (!this.isBlocked) return true;
    }
    this.dropOldest(weigh(incoming));
    if (this.waitingBytes + weigh(incoming) <= this.options.limitBytes) return true;
    if (incoming.isDroppable) {
      this.options.counters.dropped++;
      return false;
    }
    this.options.overflowed();
    return false;
  }

  /** Drops droppable frames from the old end: what is needed, and a quarter more so that the sweep is rare. */
  private dropOldest(neededBytes: number): void {
    const target = this.options.limitBytes * 0.75 - neededBytes;
    const keptFrames: Frame[] = [];
    const keptIds: number[] = [];
    for (let i = 0; i < this.frames.length; i++) {
      const frame = this.frames[i] as Frame;
      if (frame.isDroppable && this.waitingBytes > target) {
        this.waitingBytes -= weigh(frame);
        this.options.counters.dropped++;
        continue;
      }
      keptFrames.push(frame);
      keptIds.push(this.packetIds[i] as number);
    }
    this.frames = keptFrames;
    this.packetIds = keptIds;
  }
}

function weigh(frame: Frame): number {
  return frame.bytes.length + FRAME_OVERHEAD_BYTES;
}
