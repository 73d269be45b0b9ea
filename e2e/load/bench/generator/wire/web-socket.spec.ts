import { expect, test } from 'vitest';
import { OutputBuffer } from './output-buffer.js';
import { closeFrame, FrameStripper, openFrame } from './web-socket.js';

test.each([5, 125, 126, 65_535, 65_536])('a masked frame of %d bytes', (size) => {
  const output = new OutputBuffer();
  const payload = Buffer.from(Array.from({ length: size }, (_, index) => index & 255));
  const at = openFrame(output, size);
  payload.copy(output.bytes, at);
  closeFrame(output, at, size);
  const mask = output.bytes.subarray(at - 4, at);
  expect(output.bytes[0]).toBe(0x82);
  expect(output.bytes[1]! & 0x80).toBe(0x80);
  const unmasked = Buffer.from(output.bytes.subarray(at, at + size).map((byte, index) => byte ^ mask[index & 3]!));
  expect(unmasked.equals(payload)).toBe(true);
});

test('frames of a server come off wherever the chunks are cut, control frames between them too', () => {
  const long = Buffer.alloc(300, 'y');
  const stream = Buffer.concat([
    Buffer.from([0x82, 3, 1, 2, 3, 0x89, 2, 9, 9]),
    Buffer.from([0x82, 126, 1, 44]),
    long,
    Buffer.from([0x82, 0, 0x88, 0]),
  ]);
  for (const size of [1, 2, 3, 7, 64, stream.length]) {
    const control: number[] = [];
    const stripper = new FrameStripper((opcode) => control.push(opcode));
    const packets = Buffer.alloc(1000);
    let end = 0;
    for (let at = 0; at < stream.length; at += size) {
      end = stripper.strip(stream.subarray(at, at + size), packets, end);
    }
    expect(packets.subarray(0, end)).toEqual(Buffer.concat([Buffer.from([1, 2, 3]), long]));
    expect(control).toEqual([9, 8]);
  }
});
