import type { Clock } from './ports/clock.js';

/** What is flushed. */
export interface Flushable {
  flush(): void;
}

/** Flushes at the end of each turn of the event loop whoever has something to send, all in one go. */
export class Flusher {
  /** How often it has flushed: a number for the turn. */
  turn = 0;
  /** What was sent and delivered since then, or tried. */
  deliveries = 0;
  private dirty: Flushable[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly report: (error: unknown, what: string) => void,
  ) {}

  /** Flushes it after the input that is already there; to be asked for once in a turn. */
  flushSoon(outbox: Flushable): void {
    if (this.dirty.push(outbox) === 1) this.clock.soon(this.run);
  }

  private readonly run = (): void => {
    const { dirty } = this;
    this.turn++;
    this.deliveries = 0;
    this.dirty = [];
    for (const outbox of dirty) this.flush(outbox);
  };

  private flush(outbox: Flushable): void {
    try {
      outbox.flush();
    } catch (error) {
      this.report(error, 'a link that could not be written to');
    }
  }
}
