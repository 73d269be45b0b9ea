import type { Frame } from './frame.js';

/** Frames of at least this many bytes are sent by reference; smaller ones are copied together. */
export const REFERENCE_BYTES = 4096;

/** Joins frames back to back, each with its packet id: few buffers, and a large payload is never copied. */
export function packFrames(frames: readonly Frame[], packetIds: readonly number[]): Buffer[] {
  if (frames.length === 1 && packetIds[0] === 0) return [(frames[0] as Frame).bytes];
  const buffers: Buffer[] = [];
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i] as Frame;
    if (frame.bytes.length < REFERENCE_BYTES) {
      bytes += frame.bytes.length;
      continue;
    }
    if (bytes > 0) buffers.push(copyRange({ frames, packetIds, start, end: i, bytes }));
    pushLarge(buffers, frame, packetIds[i] as number);
    start = i + 1;
    bytes = 0;
  }
  if (bytes > 0) buffers.push(copyRange({ frames, packetIds, start, end: frames.length, bytes }));
  return buffers;
}

interface Range {
  readonly frames: readonly Frame[];
  readonly packetIds: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}

function copyRange({ frames, packetIds, start, end, bytes }: Range): Buffer {
  const joined = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (let i = start; i < end; i++) {
    const frame = frames[i] as Frame;
    frame.bytes.copy(joined, at);
    if (frame.packetIdOffset > 0) joined.writeUInt16BE(packetIds[i] as number, at + frame.packetIdOffset);
    at += frame.bytes.length;
  }
  return joined;
}

/** The head is copied to carry its own packet id; the rest is shared. */
function pushLarge(buffers: Buffer[], frame: Frame, packetId: number): void {
  if (frame.packetIdOffset === 0) {
    buffers.push(frame.bytes);
    return;
  }
  const headLength = frame.packetIdOffset + 2;
  const head = Buffer.from(frame.bytes.subarray(0, headLength));
  head.writeUInt16BE(packetId, frame.packetIdOffset);
  buffers.push(head, frame.bytes.subarray(headLength));
}
