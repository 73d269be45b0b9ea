const TICK_MS = 1;

/** Calls a function once per turn of the event loop in which there is something to do. */
export class TurnLoop {
  private turn: (() => boolean) | null = null;
  private isScheduled = false;
  private readonly onImmediate = () => this.next();

  /** Something has come: there will be a turn. */
  wake(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.onImmediate);
  }

  /** Turns for so long: whenever it is woken, each millisecond, and at once when `turn` says that there is more. */
  async run(ms: number, turn: () => boolean): Promise<void> {
    const ticks = setInterval(() => this.wake(), TICK_MS);
    this.turn = turn;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.turn = null;
    clearInterval(ticks);
  }

  private next(): void {
    this.isScheduled = false;
    if (this.turn?.()) this.wake();
  }
}
