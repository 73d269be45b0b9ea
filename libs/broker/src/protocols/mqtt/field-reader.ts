import { isUtf8 } from 'node:buffer';
import type { Refusal } from '../../refusal.js';

const MAX_VARIABLE_BYTES = 4;

/** Goes over the fields of a packet, one after another. After a fault nothing is left to read. */
export class FieldReader {
  private fault: Refusal | null = null;

  constructor(
    private readonly bytes: Buffer,
    private at: number,
    private end: number,
  ) {}

  /** How many bytes are left. */
  get left(): number {
    return this.fault === null ? this.end - this.at : 0;
  }

  /** What is wrong, or null; bytes that no field has taken are wrong too. */
  get refusal(): Refusal | null {
    return this.fault ?? (this.at === this.end ? null : 'malformed-packet');
  }

  /** Remembers the first fault. */
  fail(refusal: Refusal): void {
    this.fault ??= refusal;
  }

  /** Steps over as many bytes; false when there are fewer. */
  skip(length: number): boolean {
    if (length > this.left) this.fail('malformed-packet');
    else this.at += length;
    return this.fault === null;
  }

  byte(): number {
    return this.skip(1) ? (this.bytes[this.at - 1] as number) : 0;
  }

  uint16(): number {
    return this.skip(2) ? this.bytes.readUInt16BE(this.at - 2) : 0;
  }

  uint32(): number {
    return this.skip(4) ? this.bytes.readUInt32BE(this.at - 4) : 0;
  }

  /** A packet id, which is never 0 [MQTT-2.3.1-1] [MQTT5-2.2.1-3]. */
  packetId(): number {
    const id = this.uint16();
    if (id === 0) this.fail('malformed-packet');
    return id;
  }

  /** Two bytes of length and as many bytes [MQTT5 1.5.6]: a piece of the packet, not a copy. */
  binary(): Buffer {
    const length = this.uint16();
    return this.skip(length) ? this.bytes.subarray(this.at - length, this.at) : EMPTY;
  }

  /** A string: well-formed UTF-8 without U+0000 [MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]. */
  text(): string {
    const length = this.uint16();
    if (length === 0 || !this.skip(length)) return '';
    const start = this.at - length;
    if (isPlainAscii(this.bytes, start, this.at)) return this.bytes.toString('latin1', start, this.at);
    const text = this.bytes.subarray(start, this.at);
    if (!isUtf8(text) || text.includes(0)) this.fail('invalid-utf8');
    return this.fault === null ? text.toString() : '';
  }

  /** A variable byte integer, in no more bytes than it needs [MQTT5-1.5.5-1]. */
  variable(): number {
    let value = 0;
    for (let i = 0; i < MAX_VARIABLE_BYTES; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 128 ** i;
      if (byte >= 0x80) continue;
      if (byte === 0 && i > 0) break;
      return value;
    }
    this.fail('malformed-packet');
    return 0;
  }

  /** Everything that is left: a piece of the packet, not a copy. */
  rest(): Buffer {
    const start = this.at;
    return this.skip(this.left) ? this.bytes.subarray(start, this.at) : EMPTY;
  }

  /** Reads no further than as many bytes from here, until `leave`. Returns where it read to before. */
  enter(length: number): number {
    const { end } = this;
    if (length > this.left) this.fail('malformed-packet');
    else this.end = this.at + length;
    return end;
  }

  /** Ends what `enter` began; every byte of it has been taken, or it is wrong. */
  leave(end: number): void {
    if (this.at !== this.end) this.fail('malformed-packet');
    this.end = end;
  }
}

/** Neither NUL nor anything that UTF-8 needs more than a byte for. */
export function isPlainAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0 || byte >= 0x80) return false;
  }
  return true;
}

const EMPTY = Buffer.alloc(0);
