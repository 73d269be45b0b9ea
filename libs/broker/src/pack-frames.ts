import { isWasteful, type Frame } from './frame.js';
import type { Outgoing } from './outgoing.js';

/** Pieces of at least this many bytes are sent by reference; smaller ones are copied together. */
export const REFERENCE_BYTES = 4096;
/** Up to here a loop copies faster than what Node has for it. */
const LOOP_BYTES = 48;

/**
 * Joins frames back to back, each with its packet id. Frames that follow one another in the same chunk are one piece;
 * what is large, or alone, is not copied.
 */
export function packFrames(first: Outgoing): Buffer[] {
  const end = pieceEnd(first);
  if (end.next === null && isReferable(first, end))
    return [viewOf(first.frame.chunk, first.frame.start, end.frame.end)];
  return packPieces(first);
}

function packPieces(first: Outgoing): Buffer[] {
  const buffers: Buffer[] = [];
  let from: Outgoing | null = first;
  let bytes = 0;
  for (let at: Outgoing | null = first; at !== null;) {
    const last: Outgoing = pieceEnd(at);
    const length: number = last.frame.end - at.frame.start;
    if (length >= REFERENCE_BYTES && isReferable(at, last)) {
      if (bytes > 0) buffers.push(copied(from as Outgoing, at, bytes));
      buffers.push(viewOf(at.frame.chunk, at.frame.start, last.frame.end));
      from = last.next;
      bytes = 0;
    } else if (length >= REFERENCE_BYTES && at === last && at.frame.packetIdOffset > 0) {
      if (bytes > 0) buffers.push(copied(from as Outgoing, at, bytes));
      pushLarge(buffers, at.frame, at.packetId);
      from = at.next;
      bytes = 0;
    } else bytes += length;
    at = last.next;
  }
  if (bytes > 0) buffers.push(copied(from as Outgoing, null, bytes));
  return buffers;
}

/** The last of those that follow one another in the chunk of the first. */
function pieceEnd(first: Outgoing): Outgoing {
  let last = first;
  if (first.frame.packetIdOffset > 0) return first;
  for (let next = last.next; next !== null; next = last.next) {
    const { frame } = next;
    if (frame.chunk !== last.frame.chunk || frame.start !== last.frame.end || frame.packetIdOffset > 0) break;
    last = next;
  }
  return last;
}

/** All of the piece may be sent as it stands in its chunk. */
function isReferable({ frame }: Outgoing, last: Outgoing): boolean {
  return frame.packetIdOffset === 0 && !isWasteful(last.frame.end - frame.start, frame.chunk);
}

let lastView: Buffer | null = null;
let lastChunk: Buffer | null = null;
let lastStart = 0;

/** The bytes as a buffer of their own; one for all links that are sent the same. */
function viewOf(chunk: Buffer, start: number, end: number): Buffer {
  if (start === 0 && end === chunk.length) return chunk;
  if (lastView !== null && lastChunk === chunk && lastStart === start && lastView.length === end - start)
    return lastView;
  lastView = chunk.subarray(start, end);
  lastChunk = chunk;
  lastStart = start;
  return lastView;
}

/** The frames from one to another, that one not included, in a buffer of their own. */
function copied(from: Outgoing, to: Outgoing | null, bytes: number): Buffer {
  const joined = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (let outgoing: Outgoing | null = from; outgoing !== to && outgoing !== null;) {
    const last = pieceEnd(outgoing);
    const { chunk, start, packetIdOffset } = outgoing.frame;
    const { end } = last.frame;
    if (end - start > LOOP_BYTES) chunk.copy(joined, at, start, end);
    else for (let i = start, to = at; i < end; i++, to++) joined[to] = chunk[i] as number;
    if (packetIdOffset > 0) {
      joined[at + packetIdOffset] = outgoing.packetId >> 8;
      joined[at + packetIdOffset + 1] = outgoing.packetId & 0xff;
    }
    at += end - start;
    outgoing = last.next;
  }
  return joined;
}

/** The head is copied to carry its own packet id; the rest is shared. */
function pushLarge(buffers: Buffer[], frame: Frame, packetId: number): void {
  const { bytes, packetIdOffset } = frame;
  const headLength = packetIdOffset + 2;
  const head = Buffer.from(bytes.subarray(0, headLength));
  head.writeUInt16BE(packetId, packetIdOffset);
  buffers.push(head, bytes.subarray(headLength));
}
