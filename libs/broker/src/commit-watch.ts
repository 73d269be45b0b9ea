import type { SessionStore } from './ports/session-store.js';

/** Who is told what comes of waiting. */
export interface CommitListener {
  /** More would survive a crash. */
  advanced(): void;
  failed(error: unknown): void;
}

/** Which deliveries of a session would survive a crash. Asks the store only when somebody wants to know. */
export class CommitWatch {
  /** Up to here all do. */
  private committedSeq = 0;
  private isWaiting = false;

  constructor(
    private readonly store: SessionStore,
    private readonly told: CommitListener,
  ) {}

  /** Everything up to here does. */
  reached(seq: number): void {
    if (seq > this.committedSeq) this.committedSeq = seq;
  }

  /** True when the delivery does; otherwise the listener is told when it may. `lastSeq` is the last that was added. */
  covers(seq: number, lastSeq: number): boolean {
    if (seq > this.committedSeq && !this.isWaiting) this.wait(lastSeq);
    return seq <= this.committedSeq;
  }

  private wait(lastSeq: number): void {
    const committed = this.store.committed();
    if (!committed) return this.reached(lastSeq);
    this.isWaiting = true;
    committed
      .finally(() => (this.isWaiting = false))
      .then(() => {
        this.reached(lastSeq);
        this.told.advanced();
      })
      .catch((error: unknown) => this.told.failed(error));
  }
}
