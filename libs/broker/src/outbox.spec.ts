import { describe, expect, test } from 'vitest';
import { BackPressure } from './back-pressure.js';
import { Counters } from './counters.js';
import { Flusher } from './flusher.js';
import { Frame } from './frame.js';
import { defaultLimits } from './limits.js';
import type { Link } from './link.js';
import { FRAME_OVERHEAD_BYTES, Outbox } from './outbox.js';
import { packFrames } from './pack-frames.js';
import { FakeClock } from './testing/fake-clock.js';
import { outgoingList } from './testing/outgoing-list.js';

/** A link that is full after every write until it is drained, or never. */
function anOutbox({ isFull = false, limitBytes = 1000 } = {}) {
  const writes: Buffer[][] = [];
  const clock = new FakeClock();
  const counters = new Counters();
  const overflows: number[] = [];
  const link = { send: (frames: Buffer[]) => writes.push(frames) > 0 && !isFull } as unknown as Link;
  const context = {
    counters,
    pressure: new BackPressure(clock, defaultLimits),
    flusher: new Flusher(clock, (error) => {
      throw error;
    }),
    limits: { outboxBytes: limitBytes },
  };
  const outbox = new Outbox(link, context, { overflowed: () => overflows.push(1) });
  return { outbox, writes, clock, counters, overflows };
}

const qos0 = (text: string) => new Frame(Buffer.from(text), 0, true);
const control = (text: string) => new Frame(Buffer.from(text), 0, false);
const sent = (writes: Buffer[][]) => writes.map((frames) => Buffer.concat(frames).toString());

describe('an outbox', () => {
  test('writes once per turn, in order', () => {
    const { outbox, writes, clock } = anOutbox();
    outbox.push(qos0('a'), 0);
    outbox.push(control('b'), 0);
    expect(writes).toEqual([]);
    clock.turn();
    outbox.push(qos0('c'), 0);
    clock.turn();
    expect(sent(writes)).toEqual(['ab', 'c']);
  });

  test('writes before the end of the turn what is large together, so that a burst stays within its bound', () => {
    const { outbox, writes, counters } = anOutbox({ limitBytes: 100_000 });
    for (let i = 0; i < 30; i++) outbox.push(qos0('x'.repeat(10_000)), 0);
    expect(writes.length).toBeGreaterThan(3);
    expect(counters.dropped).toBe(0);
  });

  test('drops QoS 0 oldest first while the link is full, and sends the rest when it is not', () => {
    const limitBytes = 10 * (4 + FRAME_OVERHEAD_BYTES);
    const { outbox, writes, clock, counters } = anOutbox({ isFull: true, limitBytes });
    outbox.push(qos0('first'), 0);
    clock.turn();
    for (let i = 10; i < 30; i++) outbox.push(qos0(`[${i}]`), 0);
    expect(outbox.bytes).toBeLessThanOrEqual(limitBytes);
    outbox.drained();
    const [first, rest] = sent(writes);
    expect(first).toBe('first');
    expect(rest).toMatch(/\[28\]\[29\]$/);
    expect(rest).not.toContain('[10]');
    expect(counters.dropped).toBe(20 - rest!.length / 4);
  });

  test('keeps acknowledgements while it drops messages, and says when they alone are too many', () => {
    const { outbox, writes, clock, overflows } = anOutbox({
      isFull: true,
      limitBytes: 7 * (6 + FRAME_OVERHEAD_BYTES),
    });
    outbox.push(control('first'), 0);
    clock.turn();
    for (let i = 0; i < 5; i++) {
      outbox.push(qos0('message.'), 0);
      outbox.push(control(`ack${i};`), 0);
    }
    expect(overflows).toEqual([]);
    outbox.drained();
    expect(sent(writes)[1]!.replaceAll('message.', '')).toBe('ack0;ack1;ack2;ack3;ack4;');
    for (let i = 0; i < 20; i++) outbox.push(control('ack'), 0);
    expect(overflows.length).toBeGreaterThan(0);
  });

  test('gives every link its own packet id in a shared frame', () => {
    const small = new Frame(Buffer.from([0x32, 5, 0, 1, 0x61, 0, 0]), 5, false);
    const large = new Frame(Buffer.concat([small.bytes, Buffer.alloc(5000, 1)]), 5, false);
    const buffers = packFrames(outgoingList([small, large, small], [7, 8, 9]));
    const joined = Buffer.concat(buffers);
    expect([joined.readUInt16BE(5), joined.readUInt16BE(7 + 5), joined.readUInt16BE(7 + 5007 + 5)]).toEqual([7, 8, 9]);
    expect(small.bytes.readUInt16BE(5)).toBe(0);
    expect(large.bytes.readUInt16BE(5)).toBe(0);
  });

  test('sends frames that follow one another in a chunk as one piece of it, and others in a copy', () => {
    const chunk = Buffer.alloc(24, 'onetwothree');
    const piece = (start: number, end: number) => new Frame(chunk, 0, true).within(start, end);
    const [whole, ...none] = packFrames(outgoingList([piece(0, 3), piece(3, 6), piece(6, 11)]));
    expect(whole!.toString()).toBe('onetwothree');
    expect(whole!.buffer).toBe(chunk.buffer);
    expect(none).toEqual([]);
    const [joined] = packFrames(outgoingList([piece(3, 6), piece(0, 3), piece(6, 11)]));
    expect(joined!.toString()).toBe('twoonethree');
    expect(joined!.buffer).not.toBe(chunk.buffer);
  });

  test('what waits does not hold on to a chunk that is much larger', () => {
    const { outbox, writes, clock } = anOutbox({ isFull: true, limitBytes: 100_000 });
    const chunk = Buffer.alloc(60_000, 'x');
    const frames = [0, 1, 2].map((i) => new Frame(chunk, 0, true).within(i * 10, i * 10 + 10));
    outbox.push(frames[0]!, 0);
    clock.turn();
    for (const frame of frames.slice(1)) outbox.push(frame, 0);
    expect(frames.map((frame) => frame.chunk.length)).toEqual([60_000, 10, 10]);
    expect(writes[0]![0]!.buffer.byteLength).toBeLessThan(60_000);
    outbox.drained();
    expect(sent(writes)).toEqual(['x'.repeat(10), 'x'.repeat(20)]);
  });
});

test('a link that cannot be written to keeps no other from being flushed', () => {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const flushed: string[] = [];
  const flusher = new Flusher(clock, (error) => faults.push(error));
  const broken = new Error('broken');
  flusher.flushSoon({ flush: () => flushed.push('a') });
  flusher.flushSoon({
    flush: () => {
      throw broken;
    },
  });
  flusher.flushSoon({ flush: () => flushed.push('b') });
  clock.turn();
  expect(flushed).toEqual(['a', 'b']);
  expect(faults).toEqual([broken]);
});
