interface PendingAck {
  isReady: boolean;
  frame: Buffer | null;
}

/**
 * Acknowledgements leave in the order in which their publishes came [MQTT-4.6.0-2], although some
 * wait for a commit and others do not. Costs nothing while none waits.
 */
export class AckQueue {
  private readonly pending: PendingAck[] = [];

  constructor(
    private readonly send: (frame: Buffer) => void,
    /** Told each time that fewer wait. */
    private readonly relieved: () => void,
  ) {}

  /** How many acknowledgements wait. */
  get size(): number {
    return this.pending.length;
  }

  /** Sends the acknowledgement, after those that wait. */
  push(frame: Buffer): void {
    if (this.pending.length === 0) this.send(frame);
    else this.pending.push({ isReady: true, frame });
  }

  /** Keeps a place for an acknowledgement; call the result with it, or with null to send none. */
  hold(): (frame: Buffer | null) => void {
    const ack: PendingAck = { isReady: false, frame: null };
    this.pending.push(ack);
    return (frame) => {
      ack.isReady = true;
      ack.frame = frame;
      this.release();
    };
  }

  private release(): void {
    let ready = 0;
    for (const ack of this.pending) {
      if (!ack.isReady) break;
      if (ack.frame) this.send(ack.frame);
      ready++;
    }
    if (ready === 0) return;
    this.pending.splice(0, ready);
    this.relieved();
  }
}
