import { connect, type Socket } from 'node:net';
import type { Target } from './job.js';
import { OutputBuffer } from './wire/output-buffer.js';
import { closeFrame, FrameStripper, openFrame, upgradeRequest } from './wire/web-socket.js';

const READ_BYTES = 256 * 1024;
const PONG = [0x8a, 0x80, 0, 0, 0, 0];
const CLOSE_OPCODE = 8;

/** Who is told of what comes over a link. */
export interface PacketReader {
  opened(): void;
  /** Once per chunk, before its packets. */
  arrived(): void;
  /** A whole packet; its body is between `from` and `to`, and gone when this returns. */
  packet(bytes: Uint8Array, from: number, to: number): void;
  closed(reason: string): void;
}

// One of each for all links: nothing in them outlives a turn of the event loop.
const output = new OutputBuffer();
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
let workBuffer = Buffer.allocUnsafeSlow(2 * READ_BYTES);

/** One connection to the broker that hands whole packets to its reader, over TCP or WebSocket. */
export class Link {
  readonly socket: Socket;
  /** The first byte of the packet that is being read. */
  first = 0;
  private rest: Buffer | null = null;
  private readonly frames: FrameStripper | null;
  private isUpgrading: boolean;
  private error = 'the broker has closed it';

  constructor(
    private readonly target: Target,
    private readonly reader: PacketReader,
    localAddress?: string,
  ) {
    const { host, port, path } = target;
    this.isUpgrading = path !== null;
    this.frames = path === null ? null : new FrameStripper((opcode) => this.answer(opcode));
    const onread = { buffer: readBuffer, callback: (size: number) => this.read(size) };
    this.socket = connect({ host, port, noDelay: true, onread, ...(localAddress && { localAddress }) });
    this.socket.on('connect', () => (path === null ? reader.opened() : this.upgrade(path)));
    this.socket.on('error', (error) => (this.error = error.message));
    this.socket.on('close', () => reader.closed(this.error));
  }

  /** Whether the kernel takes no more at the moment. */
  get isBlocked(): boolean {
    return this.socket.writableLength > 0;
  }

  /** Room for one packet in what is flushed next; returns where it begins in `bytes`, and `finish` belongs to it. */
  begin(size: number): number {
    return this.frames === null ? output.take(size) : openFrame(output, size);
  }

  /** The memory of what is begun: ask after `begin`. */
  get bytes(): Buffer {
    return output.bytes;
  }

  finish(at: number, size: number): void {
    if (this.frames !== null) closeFrame(output, at, size);
  }

  /** Appends a packet of the past. */
  append(packet: Uint8Array): void {
    const at = this.begin(packet.length);
    output.bytes.set(packet, at);
    this.finish(at, packet.length);
  }

  /** One write for all that was begun. Nothing may be begun for another link before. */
  flush(): void {
    output.flushTo(this.socket);
  }

  /** Takes no more bytes from the kernel. */
  stopReading(): void {
    this.socket.pause();
  }

  /** Closes once everything has gone. */
  end(): void {
    this.socket.end();
  }

  close(): void {
    this.socket.destroy();
  }

  private upgrade(path: string): void {
    this.socket.write(upgradeRequest({ ...this.target, path }));
  }

  private answer(opcode: number): void {
    if (opcode === CLOSE_OPCODE) this.error = 'the broker has sent a close frame';
    else output.bytes.set(PONG, output.take(PONG.length));
  }

  private read(size: number): boolean {
    this.reader.arrived();
    if (this.isUpgrading) this.readUpgrade(readBuffer.subarray(0, size));
    else if (this.frames !== null) this.readFrames(this.frames, readBuffer.subarray(0, size));
    else if (this.rest === null) this.consume(readBuffer, size);
    else this.consume(workBuffer, this.appendToRest(size));
    this.flush();
    return true;
  }

  private readUpgrade(chunk: Buffer): void {
    const seen = this.rest === null ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    this.rest = seen;
    if (end < 0) return;
    this.rest = null;
    this.isUpgrading = false;
    if (!seen.toString('latin1').startsWith('HTTP/1.1 101')) {
      this.error = `the upgrade was answered with ${seen.toString('latin1').split('\r\n', 1)[0]}`;
      return this.close();
    }
    this.reader.opened();
    if (this.frames !== null && seen.length > end + 4) this.readFrames(this.frames, seen.subarray(end + 4));
  }

  private readFrames(frames: FrameStripper, chunk: Buffer): void {
    const kept = this.restToWork(chunk.length);
    this.consume(workBuffer, frames.strip(chunk, workBuffer, kept));
  }

  private appendToRest(size: number): number {
    const kept = this.restToWork(size);
    readBuffer.copy(workBuffer, kept, 0, size);
    return kept + size;
  }

  /** Puts what is left of the last chunk at the start of the work buffer, and sees to room for `more` bytes. */
  private restToWork(more: number): number {
    const kept = this.rest?.length ?? 0;
    if (kept + more > workBuffer.length) workBuffer = Buffer.allocUnsafeSlow(2 * (kept + more));
    this.rest?.copy(workBuffer);
    return kept;
  }

  private consume(bytes: Buffer, end: number): void {
    let at = 0;
    while (end - at >= 2) {
      let length = bytes[at + 1]!;
      let body = at + 2;
      if (length > 127) {
        length &= 127;
        let shift = 7;
        let next = 128;
        while (next > 127 && body < end) {
          next = bytes[body++]!;
          length |= (next & 127) << shift;
          shift += 7;
        }
        if (next > 127) break;
      }
      if (body + length > end) break;
      this.first = bytes[at]!;
      this.reader.packet(bytes, body, body + length);
      at = body + length;
    }
    this.rest = at === end ? null : Buffer.from(bytes.subarray(at, end));
  }
}
