import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Refusal } from '../../refusal.js';
import { PATIENCE_MS, runs } from '../../testing/property-runs.js';
import { PacketFramer } from './packet-framer.js';

const LIMIT_BYTES = 400;

/** A whole packet of the framing: any first byte, and a length in one or more bytes. */
const packet = fc
  .tuple(fc.nat({ max: 255 }), fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 1 }))
  .map(([header, body, spare]) => {
    const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
    const padded = spare === 0 ? length : [...length.slice(0, -1), length.at(-1)! | 0x80, 0];
    return Buffer.from([header, ...padded, ...body]);
  });
const junk = fc.uint8Array({ maxLength: 12, size: 'max' }).map((bytes) => Buffer.from(bytes));
const stream = fc
  .array(fc.oneof({ weight: 8, arbitrary: packet }, { weight: 1, arbitrary: junk }), { maxLength: 12, size: 'max' })
  .map((parts) => Buffer.concat(parts));
/** How long the pieces are that a stream comes in; the list is gone through again and again. */
const cuts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 600 })), {
  minLength: 1,
  maxLength: 8,
});

interface Outcome {
  readonly packets: string[];
  readonly refusal: Refusal | null;
}

/** The stream cut by the letter of the specification, with all of it at hand [MQTT 2.1.4]. */
function plainly(bytes: Buffer, limitBytes: number): Outcome {
  const packets: string[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    let i = 0;
    for (; i < 4; i++) {
      const byte = bytes[at + 1 + i];
      if (byte === undefined) return { packets, refusal: null };
      length += (byte & 127) * 128 ** i;
      if (byte < 128) break;
    }
    if (i === 4) return { packets, refusal: 'malformed-packet' };
    const end = at + 2 + i + length;
    if (end - at > limitBytes) return { packets, refusal: 'packet-too-large' };
    if (end > bytes.length) break;
    packets.push(bytes.toString('hex', at, end));
    at = end;
  }
  return { packets, refusal: null };
}

function* pieces(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = cuts[i % cuts.length]!;
    // A copy of its own: what a link hands over may be used again for what comes next.
    yield Buffer.from(bytes.subarray(at, at + length));
    at += length;
  }
}

test(
  'however a byte stream is cut, the same packets come out of it, and the same fault [MQTT-6.0.0-2] [MQTT5-6.0.0-2]',
  { timeout: PATIENCE_MS },
  () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, cuts) => {
        const framer = new PacketFramer(LIMIT_BYTES);
        const packets: string[] = [];
        let refusal: Refusal | null = null;
        for (const piece of pieces(bytes, cuts)) {
          refusal = framer.push(piece, {
            take: (chunk, start, end) => packets.push(chunk.toString('hex', start, end)) > 0,
          });
          piece.fill(0xee);
          if (refusal) break;
        }
        expect({ packets, refusal }).toEqual(plainly(bytes, LIMIT_BYTES));
      }),
      runs(2000),
    );
  },
);

test(
  'whoever stops the framer and goes on later gets the same packets in the same order',
  { timeout: PATIENCE_MS },
  () => {
    fc.assert(
      fc.property(stream, cuts, fc.array(fc.boolean(), { minLength: 1 }), (bytes, cuts, stops) => {
        const framer = new PacketFramer(LIMIT_BYTES);
        const packets: string[] = [];
        let isStopped = false;
        const take = (chunk: Buffer, start: number, end: number) => {
          expect(isStopped).toBe(false);
          packets.push(chunk.toString('hex', start, end));
          isStopped = stops[packets.length % stops.length]!;
          return !isStopped;
        };
        let refusal: Refusal | null = null;
        for (const piece of pieces(bytes, cuts)) {
          if (isStopped) framer.keep(piece);
          else refusal = framer.push(piece, { take });
          piece.fill(0xee);
          // Goes on now and then only, so that several pieces are kept at a time.
          if (isStopped && !refusal && packets.length % 3 !== 0) {
            isStopped = false;
            refusal = framer.resume({ take });
          }
          if (refusal) break;
        }
        while (isStopped && !refusal) {
          isStopped = false;
          refusal = framer.resume({ take });
        }
        expect({ packets, refusal }).toEqual(plainly(bytes, LIMIT_BYTES));
      }),
      runs(2000),
    );
  },
);
