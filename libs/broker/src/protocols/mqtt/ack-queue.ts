import type { SafetyListener } from '../../copies.js';
import { Fifo } from '../../fifo.js';
import type { Frame } from '../../frame.js';

/** An acknowledgement of a publish; without a frame while it is not known what it will say. */
export interface Ack {
  readonly command: 'puback' | 'pubrec';
  readonly packetId: number;
  readonly frame: Frame | null;
}

/** Who knows what acknowledgements look like, and where they go. */
export interface AckWriter {
  /** Writes the acknowledgement of a message that is safe, or of one that is lost; null when it ends the connection. */
  writeAck(ack: Ack, isSafe: boolean): Frame | null;
  sendAck(ack: Ack, frame: Frame): void;
}

/**
 * Acknowledgements leave in the order in which their publishes came [MQTT-4.6.0-2], although some
 * wait for a commit and others do not. Needed only while some wait.
 */
export class AckQueue {
  private readonly pending = new Fifo<Ack>();

  constructor(
    private readonly writer: AckWriter,
    /** Its connection: told each time that fewer wait. */
    private readonly peer: { relieved(): void },
  ) {}

  /** How many acknowledgements wait. */
  get size(): number {
    return this.pending.size;
  }

  /** Sends the acknowledgement after those that wait. */
  push(ack: Ack): void {
    this.pending.push(ack);
  }

  /** Keeps a place for an acknowledgement, which is written when it is told what became of its message. */
  hold(command: Ack['command'], packetId: number): PendingAck {
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
      this.writer.sendAck(next, next.frame);
    }
    if (ack.frame) this.peer.relieved();
  }
}

/** An acknowledgement that waits for its message, or for those before it. */
export class PendingAck implements Ack, SafetyListener {
  frame: Frame | null = null;

  constructor(
    private readonly queue: AckQueue,
    readonly command: Ack['command'],
    readonly packetId: number,
  ) {}

  safe(): void {
    this.queue.answer(this, true);
  }

  lost(): void {
    this.queue.answer(this, false);
  }
}
