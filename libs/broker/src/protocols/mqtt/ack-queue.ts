import type { SafetyListener } from '../../copies.js';
import { Fifo } from '../../fifo.js';

/** Who knows what acknowledgements look like, and where they go. */
export interface AckWriter {
  /** Writes the acknowledgement of a message that is safe, or of one that is lost; null when it ends the connection. */
  writeAck(ack: PendingAck, isSafe: boolean): Buffer | null;
  sendAck(frame: Buffer): void;
}

/**
 * Acknowledgements leave in the order in which their publishes came [MQTT-4.6.0-2], although some
 * wait for a commit and others do not. Costs nothing while none waits.
 */
export class AckQueue {
  private readonly pending = new Fifo<{ readonly frame: Buffer | null }>();

  constructor(
    private readonly writer: AckWriter,
    /** Its connection: told each time that fewer wait. */
    private readonly peer: { relieved(): void },
  ) {}

  /** How many acknowledgements wait. */
  get size(): number {
    return this.pending.size;
  }

  /** Sends the acknowledgement, after those that wait. */
  push(frame: Buffer): void {
    if (this.pending.size === 0) this.writer.sendAck(frame);
    else this.pending.push({ frame });
  }

  /** Keeps a place for an acknowledgement, which is written when it is told what became of its message. */
  hold(command: 'puback' | 'pubrec', packetId: number): PendingAck {
    const ack = new PendingAck(this, command, packetId);
    this.pending.push(ack);
    return ack;
  }

  /** It is known what became of the message. */
  answer(ack: PendingAck, isSafe: boolean): void {
    ack.frame = this.writer.writeAck(ack, isSafe);
    if (ack !== this.pending.peek()) return;
    for (let next = this.pending.peek(); next?.frame; next = this.pending.peek()) {
      this.pending.shift();
      this.writer.sendAck(next.frame);
    }
    if (ack.frame) this.peer.relieved();
  }
}

/** An acknowledgement that waits for its message, or for those before it. */
export class PendingAck implements SafetyListener {
  frame: Buffer | null = null;

  constructor(
    private readonly queue: AckQueue,
    readonly command: 'puback' | 'pubrec',
    readonly packetId: number,
  ) {}

  safe(): void {
    this.queue.answer(this, true);
  }

  lost(): void {
    this.queue.answer(this, false);
  }
}
