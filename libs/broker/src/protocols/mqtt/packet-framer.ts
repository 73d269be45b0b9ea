import type { Refusal } from '../../refusal.js';

/** Where whole packets go. */
export interface PacketTaker {
  /** Takes the packet that stands there in the chunk; false stops the framer, which then keeps what follows. */
  take(chunk: Buffer, start: number, end: number): boolean;
}

const FIRST_CAPACITY = 128;

/**
 * Cuts a byte stream into MQTT control packets [MQTT 2.1]. A packet that lies whole in a chunk is not copied;
 * one that comes in pieces grows in a buffer of at most twice what has arrived. Nothing is reserved for
 * bytes that are only announced.
 */
export class PacketFramer {
  /** A packet that has begun; after a stop all that was not handed on. */
  private kept: Buffer | null = null;
  private keptLength = 0;
  /** By whoever took the last packet. */
  private isStopped = false;

  /** `limitBytes` bounds a whole packet, fixed header included. */
  constructor(public limitBytes: number) {}

  /** Something came that was not handed on. */
  get holdsBytes(): boolean {
    return this.keptLength > 0;
  }

  /** Hands on every whole packet; the refusal that the stream has earned, or null. Not while anything waits for `resume`. */
  push(chunk: Buffer, taker: PacketTaker): Refusal | null {
    if (this.keptLength === 0) return this.cut(chunk, 0, taker);
    let used = 0;
    let length = this.lengthOfKept();
    while (length === INCOMPLETE && used < chunk.length) {
      this.keep(chunk.subarray(used, ++used));
      length = this.lengthOfKept();
    }
    const missing = Math.min(length, this.limitBytes) - this.keptLength;
    if (missing > 0) {
      this.append(chunk.subarray(used, used + missing), length);
      used += missing;
    }
    const refusal = this.resume(taker);
    if (refusal !== null || used >= chunk.length) return refusal;
    if (!this.isStopped) return this.cut(chunk, used, taker);
    this.keep(chunk.subarray(used));
    return null;
  }

  /** Takes bytes in without looking at them; `resume` goes on. */
  keep(bytes: Buffer): void {
    this.append(bytes, INCOMPLETE);
  }

  /** Goes on with what was kept. */
  resume(taker: PacketTaker): Refusal | null {
    if (!this.kept) return null;
    const length = this.lengthOfKept();
    // Most pieces of a large packet end here: nothing is cut before it is whole.
    if (length > this.keptLength && length <= this.limitBytes) return null;
    const kept = this.kept.subarray(0, this.keptLength);
    this.kept = null;
    this.keptLength = 0;
    return this.cut(kept, 0, taker);
  }

  private lengthOfKept(): number {
    return packetLength(this.kept as Buffer, 0, this.keptLength);
  }

  private cut(chunk: Buffer, start: number, taker: PacketTaker): Refusal | null {
    let at = start;
    let length = INCOMPLETE;
    while (at < chunk.length) {
      length = packetLength(chunk, at, chunk.length);
      if (length === MALFORMED) return 'malformed-packet';
      if (length > this.limitBytes) return 'packet-too-large';
      const end = at + length;
      if (length === INCOMPLETE || end > chunk.length) break;
      this.isStopped = !taker.take(chunk, at, end);
      at = end;
      if (this.isStopped) break;
    }
    if (at < chunk.length) this.append(chunk.subarray(at), this.isStopped ? INCOMPLETE : length);
    return null;
  }

  /** A packet that is known to be no longer than this gets no more memory than it needs. */
  private append(bytes: Buffer, packetLength: number): void {
    const needed = this.keptLength + bytes.length;
    if (!this.kept || needed > this.kept.length) {
      const capacity = packetLength >= needed ? Math.min(packetLength, needed * 2) : needed * 2;
      const grown = Buffer.allocUnsafe(Math.max(FIRST_CAPACITY, capacity));
      this.kept?.copy(grown, 0, 0, this.keptLength);
      this.kept = grown;
    }
    bytes.copy(this.kept, this.keptLength);
    this.keptLength = needed;
  }
}

const INCOMPLETE = 0;
const MALFORMED = -1;

/** Length of the packet that begins there, fixed header included [MQTT 2.1.4]. */
function packetLength(bytes: Buffer, start: number, end: number): number {
  let remaining = 0;
  for (let at = start + 1, shift = 0; shift < 28; at++, shift += 7) {
    if (at >= end) return INCOMPLETE;
    const byte = bytes[at] as number;
    remaining += (byte & 0x7f) << shift;
    if (byte < 0x80) return at - start + 1 + remaining;
  }
  return MALFORMED;
}
