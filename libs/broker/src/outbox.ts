import { OUTBOX, Strain, type BackPressure } from './back-pressure.js';
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
  readonly pressure: BackPressure;
  readonly limitBytes: number;
  readonly pack: Packer;
  /** More waits for the link than may be dropped: the link has to go. */
  readonly overflowed: () => void;
}

const FLUSH_BYTES = 64 * 1024;
/** Above this part of its bound a client is too far behind, until it is below the other. */
const HIGH_WATER = 0.5;
const LOW_WATER = 0.25;
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
  /** How far behind the client is. */
  readonly strain: Strain;
  private readonly highBytes: number;
  private readonly lowBytes: number;

  constructor(
    private readonly link: Link,
    private readonly options: OutboxOptions,
  ) {
    this.pack = options.pack;
    this.strain = new Strain(options.pressure, options.overflowed);
    this.highBytes = options.limitBytes * HIGH_WATER;
    this.lowBytes = options.limitBytes * LOW_WATER;
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
    if (this.isBlocked) return this.strainBy(weigh(frame));
    if (this.waitingBytes >= FLUSH_BYTES) return this.flush();
    if (!this.isScheduled) {
      this.isScheduled = true;
      this.options.clock.soon(this.flushSoon);
    }
  }

  /** Writes what waits, until the link is full. */
  flush(): void {
    while (!this.isBlocked && !this.isClosed && this.frames.length > 0) {
      if (!this.write(this.portion())) this.block();
    }
  }

  /** The link has room again. */
  drained(): void {
    if (this.isBlocked) {
      this.isBlocked = false;
      this.strain.unblocked();
    }
    this.flush();
    if (this.waitingBytes <= this.lowBytes) this.strain.ease(OUTBOX);
  }

  /** Writes what waits, whatever the link says, and takes no more. */
  finish(): void {
    if (this.isClosed) return;
    if (this.frames.length > 0) this.write(this.frames.length);
    this.discard();
  }

  /** Forgets what waits and takes no more. */
  discard(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.strain.close();
    this.frames = [];
    this.packetIds = [];
    this.waitingBytes = 0;
  }

  /** How many frames go in one write: what came in a turn, or a part of what has piled up, so that it is seen to move. */
  private portion(): number {
    if (this.waitingBytes < 2 * FLUSH_BYTES) return this.frames.length;
    let count = 0;
    for (let bytes = 0; bytes < FLUSH_BYTES && count < this.frames.length; count++) {
      bytes += weigh(this.frames[count] as Frame);
    }
    return count;
  }

  /** Writes the first frames. False when the link is full by then. */
  private write(count: number): boolean {
    const isAll = count === this.frames.length;
    const frames = isAll ? this.frames : this.frames.slice(0, count);
    const packetIds = isAll ? this.packetIds : this.packetIds.slice(0, count);
    this.frames = isAll ? [] : this.frames.slice(count);
    this.packetIds = isAll ? [] : this.packetIds.slice(count);
    if (isAll) this.waitingBytes = 0;
    else for (const frame of frames) this.waitingBytes -= weigh(frame);
    const buffers = this.pack(frames, packetIds);
    this.options.counters.packetsSent += frames.length;
    for (const buffer of buffers) this.options.counters.bytesSent += buffer.length;
    return this.link.send(buffers);
  }

  private block(): void {
    this.isBlocked = true;
    this.strain.blocked();
    this.strain.weigh(this.waitingBytes);
  }

  private strainBy(bytes: number): void {
    this.strain.weigh(bytes);
    if (this.waitingBytes > this.highBytes) this.strain.raise(OUTBOX);
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
        this.strain.weigh(-weigh(frame));
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
