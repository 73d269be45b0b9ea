import type { Socket } from 'node:net';

const SIZE_BYTES = 256 * 1024;

/**
 * Bytes on their way to one socket at a time, in memory that all sockets share. Node writes at once what the kernel takes,
 * so the memory is free again when `flushTo` returns; what the kernel does not take keeps it, and the next gets a new one.
 */
export class OutputBuffer {
  bytes = Buffer.allocUnsafeSlow(SIZE_BYTES);
  private end = 0;

  /** Room for `size` bytes; returns where they begin. */
  take(size: number): number {
    const at = this.end;
    this.end = at + size;
    if (this.end > this.bytes.length) this.grow(at);
    return at;
  }

  /** Writes all that was taken since the last time; one write. */
  flushTo(socket: Socket): void {
    if (this.end === 0) return;
    const written = this.bytes.subarray(0, this.end);
    this.end = 0;
    socket.write(written);
    if (socket.writableLength > 0) this.bytes = Buffer.allocUnsafeSlow(SIZE_BYTES);
  }

  private grow(used: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.end));
    this.bytes.copy(larger, 0, 0, used);
    this.bytes = larger;
  }
}
