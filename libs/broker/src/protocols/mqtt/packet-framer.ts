import type { Refusal } from '../../refusal.js';

/** Where whole packets go. */
export interface PacketTaker {
  /** Takes one whole packet; false stops the framer, which then keeps what follows. */
  take(packet: Buffer): boolean;
}

const MAX_LENGTH_BYTES = 4;
const FIRST_CAPACITY = 4096;

/**
 * Cuts a byte stream into MQTT control packets [MQTT 2.1]. A packet that lies whole in a chunk is not copied;
 * one that comes in pieces grows in a buffer of at most twice what has arrived. Nothing is reserved for
 * bytes that are only announced.
 */
export class PacketFramer {
  private partial: Buffer | null = null;
  private partialLength = 0;

  /** `limitBytes` bounds a whole packet, fixed header included. */
  constructor(public limitBytes: number) {}

  /** Something came that was not handed on. */
  get holdsBytes(): boolean {
    return this.partialLength > 0;
  }

  /** Hands on every whole packet; the refusal that the stream has earned, or null. */
  push(chunk: Buffer, taker: PacketTaker): Refusal | null {
    if (!this.partial) return this.cut(chunk, taker);
    this.append(chunk);
    return this.resume(taker);
  }

  /** Takes bytes in without looking at them; `resume` goes on. */
  keep(chunk: Buffer): void {
    this.append(chunk);
  }

  /** Goes on with what was kept. */
  resume(taker: PacketTaker): Refusal | null {
    if (!this.partial) return null;
    const kept = this.partial.subarray(0, this.partialLength);
    const length = packetLength(kept, 0);
    // Most pieces of a large packet end here: nothing is cut before it is whole.
    if (length > kept.length && length <= this.limitBytes) return null;
    this.partial = null;
    this.partialLength = 0;
    return this.cut(kept, taker);
  }

  private cut(chunk: Buffer, taker: PacketTaker): Refusal | null {
    let at = 0;
    while (at < chunk.length) {
      const length = packetLength(chunk, at);
      if (length === MALFORMED) return 'malformed-packet';
      if (length > this.limitBytes) return 'packet-too-large';
      if (length === INCOMPLETE || at + length > chunk.length) break;
      const packet = chunk.subarray(at, at + length);
      at += length;
      if (!taker.take(packet)) break;
    }
    if (at < chunk.length) this.append(chunk.subarray(at));
    return null;
  }

  private append(bytes: Buffer): void {
    const needed = this.partialLength + bytes.length;
    if (!this.partial || needed > this.partial.length) {
      const grown = Buffer.allocUnsafe(Math.max(FIRST_CAPACITY, needed * 2));
      this.partial?.copy(grown, 0, 0, this.partialLength);
      this.partial = grown;
    }
    bytes.copy(this.partial, this.partialLength);
    this.partialLength = needed;
  }
}

const INCOMPLETE = 0;
const MALFORMED = -1;

/** Length of the packet that begins there, fixed header included [MQTT 2.1.4]. */
function packetLength(bytes: Buffer, start: number): number {
  let remaining = 0;
  for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
    const byte = bytes[start + 1 + i];
    if (byte === undefined) return INCOMPLETE;
    remaining += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return 2 + i + remaining;
  }
  return MALFORMED;
}
