import { WebSocket, type ClientOptions } from 'ws';
import { waitFor } from './wait-for.js';

/** A bare WebSocket without a subprotocol, and what comes over it: text as it is, bytes in hex. */
export class DoorSocket {
  readonly heard: string[] = [];
  closeCode: number | null = null;
  private static readonly open = new Set<DoorSocket>();

  private constructor(readonly socket: WebSocket) {
    DoorSocket.open.add(this);
    socket.on('message', (data: Buffer, isBinary) =>
      this.heard.push(isBinary ? data.toString('hex') : data.toString()),
    );
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  static async connect(url: string, options: ClientOptions = {}): Promise<DoorSocket> {
    const door = new DoorSocket(new WebSocket(url.replace('http', 'ws'), { rejectUnauthorized: false, ...options }));
    await new Promise((resolve, reject) => door.socket.once('open', resolve).once('error', reject));
    return door;
  }

  send(frame: string | Buffer): this {
    this.socket.send(frame);
    return this;
  }

  /** Resolves when exactly this has come since the last time. */
  async hears(...frames: string[]): Promise<void> {
    const what = `to hear ${JSON.stringify(frames)}`;
    await waitFor(() => this.heard.length >= frames.length, { what });
    const heard = JSON.stringify(this.heard.splice(0));
    if (heard !== JSON.stringify(frames)) throw new Error(`Expected ${what}, not ${heard}.`);
  }

  static endAll(): void {
    for (const { socket } of DoorSocket.open) socket.terminate();
    DoorSocket.open.clear();
  }
}
