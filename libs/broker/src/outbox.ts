import { OUTBOX, Strain, type BackPressure } from './back-pressure.js';
import type { Counters } from './counters.js';
import type { Flusher } from './flusher.js';
import type { Frame } from './frame.js';
import type { Limits } from './limits.js';
import type { Link, Traffic } from './link.js';
import { Outgoing, type Packer } from './outgoing.js';
import { packFrames } from './pack-frames.js';

/** What all outboxes of a broker share. */
export interface OutboxContext {
  readonly counters: Counters;
  readonly pressure: BackPressure;
  readonly flusher: Flusher;
  readonly limits: Pick<Limits, 'outboxBytes'>;
}

/** Whose outbox it is. */
export interface OutboxOwner {
  /** More waits for the link than may be dropped: the link has to go, but not while it is pushed to. */
  overflowed(): void;
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
  /** Deliveries that the link was too slow for. */
  dropped = 0;
  /** Those of them that may not be seen any more. */
  takenBack = 0;
  private first: Outgoing | null = null;
  private last: Outgoing | null = null;
  private waitingBytes = 0;
  private isDirty = false;
  private isBlocked = false;
  private isClosed = false;
  private pack: Packer = packFrames;
  private ownStrain: Strain | null = null;

  constructor(
    private readonly link: Link,
    private readonly context: OutboxContext,
    private readonly owner: OutboxOwner,
  ) {}

  /** Bytes that wait for the link, in memory. */
  get bytes(): number {
    return this.waitingBytes;
  }

  /** What the link has carried, both ways; null where that is not known. */
  get traffic(): Traffic | null {
    return this.link.traffic;
  }

  /** The link takes more, as far as is known. */
  get hasRoom(): boolean {
    return !this.isBlocked && !this.isClosed;
  }

  /** How far behind the client is; null while it has always kept up. */
  get strain(): Strain | null {
    return this.ownStrain;
  }

  /** The same, where the client falls behind now. */
  get strained(): Strain {
    return (this.ownStrain ??= new Strain(this.context.pressure, () => this.owner.overflowed()));
  }

  /** Joins frames in this way from now on. */
  packWith(pack: Packer): void {
    this.pack = pack;
  }

  /** Sends the frame in this turn, or when the link has room. At the bound QoS 0 is dropped, oldest first. */
  push(frame: Frame, packetId: number): void {
    if (this.isClosed) return;
    const bytes = weigh(frame);
    if (this.waitingBytes + bytes > this.context.limits.outboxBytes && !this.makeRoom(frame)) return;
    const outgoing = new Outgoing(frame, packetId);
    if (this.last === null) this.first = outgoing;
    else this.last.next = outgoing;
    this.last = outgoing;
    this.waitingBytes += bytes;
    if (this.isBlocked) this.keep(frame, bytes);
    else if (this.waitingBytes >= FLUSH_BYTES) this.flush();
    else if (!this.isDirty) {
      this.isDirty = true;
      this.context.flusher.flushSoon(this);
    }
  }

  /** Writes what waits, until the link is full. */
  flush(): void {
    this.isDirty = false;
    while (this.first !== null && !this.isBlocked && !this.isClosed) {
      if (!this.write(this.portion())) this.block();
    }
  }

  /** The link has room again. */
  drained(): void {
    if (this.isBlocked) {
      this.isBlocked = false;
      this.strained.unblocked();
    }
    this.flush();
    if (this.waitingBytes <= this.context.limits.outboxBytes * LOW_WATER) this.ownStrain?.ease(OUTBOX);
  }

  /** Takes QoS 0 deliveries back that have not left, of topics that may not be seen any more; they count as dropped. */
  takeBack(maySee: (topic: string) => boolean): void {
    const before = this.dropped;
    this.sweep(({ isDroppable, topic }) => isDroppable && topic !== null && !maySee(topic));
    this.takenBack += this.dropped - before;
  }

  /** Writes what waits, whatever the link says, and takes no more. */
  finish(): void {
    if (this.isClosed) return;
    const waiting = this.takeAll();
    if (waiting !== null) this.write(waiting);
    this.discard();
  }

  /** Forgets what waits and takes no more. */
  discard(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.ownStrain?.close();
    this.takeAll();
  }

  /** What goes in one write: what came in a turn, or a part of what has piled up, so that it is seen to move. */
  private portion(): Outgoing {
    const first = this.first as Outgoing;
    if (this.waitingBytes < 2 * FLUSH_BYTES) return this.takeAll() as Outgoing;
    let last = first;
    let bytes = weigh(first.frame);
    while (bytes < FLUSH_BYTES && last.next !== null) {
      last = last.next;
      bytes += weigh(last.frame);
    }
    this.first = last.next;
    if (this.first === null) this.last = null;
    this.waitingBytes -= bytes;
    last.next = null;
    return first;
  }

  private takeAll(): Outgoing | null {
    const { first } = this;
    this.first = null;
    this.last = null;
    this.waitingBytes = 0;
    return first;
  }

  /** False when the link is full by then. */
  private write(first: Outgoing): boolean {
    const { counters } = this.context;
    const buffers = this.pack(first);
    for (let outgoing: Outgoing | null = first; outgoing !== null; outgoing = outgoing.next) counters.packetsSent++;
    for (const buffer of buffers) counters.bytesSent += buffer.length;
    return this.link.send(buffers);
  }

  private block(): void {
    this.isBlocked = true;
    for (let outgoing = this.first; outgoing !== null; outgoing = outgoing.next) outgoing.frame.detach();
    this.strained.blocked();
    this.strained.weigh(this.waitingBytes);
  }

  /** It has to wait for longer than this turn. */
  private keep(frame: Frame, bytes: number): void {
    frame.detach();
    this.strained.weigh(bytes);
    if (this.waitingBytes > this.context.limits.outboxBytes * HIGH_WATER) this.strained.raise(OUTBOX);
  }

  /** True when the frame may be pushed after all. */
  private makeRoom(incoming: Frame): boolean {
    if (!this.isBlocked) {
      this.flush();
      if (!this.isBlocked) return true;
    }
    this.dropOldest(weigh(incoming));
    if (this.waitingBytes + weigh(incoming) <= this.context.limits.outboxBytes) return true;
    if (incoming.isDroppable) {
      this.dropped++;
      this.context.counters.dropped++;
      return false;
    }
    this.owner.overflowed();
    return false;
  }

  /** Drops droppable frames from the old end: what is needed, and a quarter more so that the sweep is rare. */
  private dropOldest(neededBytes: number): void {
    const target = this.context.limits.outboxBytes * 0.75 - neededBytes;
    this.sweep(({ isDroppable }) => isDroppable && this.waitingBytes > target);
  }

  private sweep(mustGo: (frame: Frame) => boolean): void {
    let kept: Outgoing | null = null;
    for (let outgoing = this.first; outgoing !== null; outgoing = outgoing.next) {
      if (mustGo(outgoing.frame)) {
        this.drop(weigh(outgoing.frame));
        if (kept === null) this.first = outgoing.next;
        else kept.next = outgoing.next;
      } else kept = outgoing;
    }
    this.last = kept;
  }

  private drop(bytes: number): void {
    this.waitingBytes -= bytes;
    if (this.isBlocked) this.strained.weigh(-bytes);
    this.dropped++;
    this.context.counters.dropped++;
  }
}

function weigh(frame: Frame): number {
  return frame.length + FRAME_OVERHEAD_BYTES;
}
