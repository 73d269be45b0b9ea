/** Writes what strangers cause: the first line at once, then one for all of a while. Nobody fills a disk with it. */
export class SeldomLog {
  private suppressed = 0;
  private quietUntil = 0;

  constructor(
    private readonly write: (line: string) => void,
    private readonly everyMs = 10_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  tell(line: string): void {
    const now = this.now();
    if (now < this.quietUntil) {
      this.suppressed++;
      return;
    }
    this.write(this.suppressed > 0 ? `${line} (${this.suppressed} like it before were not logged.)` : line);
    this.suppressed = 0;
    this.quietUntil = now + this.everyMs;
  }
}
