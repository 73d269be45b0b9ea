import { isUtf8 } from 'node:buffer';
import type { Refusal } from '../../refusal.js';

const MAX_VARIABLE_BYTES = 4;

/** Goes over the fields of a packet, one after another. After a fault nothing is left to read. */
export class FieldReader {
  private fault: Refusal | null = null;

  constructor(
    private readonly bytes: Buffer,
    private at: number,
    private readonly end: number,
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

  /** Two bytes of length and as many bytes [MQTT5 1.5.6]. */
  binary(): Buffer | null {
    const length = this.byte() * 256 + this.byte();
    return this.skip(length) ? this.bytes.subarray(this.at - length, this.at) : null;
  }

  /** A string: well-formed UTF-8 without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2]. */
  text(): void {
    const text = this.binary();
    if (text && (!isUtf8(text) || text.includes(0))) this.fail('invalid-utf8');
  }

  /** A variable byte integer, in no more bytes than it needs [MQTT-1.5.5-1]. */
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

  /** The next bytes, as fields of their own. */
  part(length: number): FieldReader {
    const start = this.at;
    return new FieldReader(this.bytes, start, this.skip(length) ? this.at : start);
  }
}
