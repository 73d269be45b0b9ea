const AT_A_TIME = 200;
const TIMEOUT_MS = 60_000;

/** Peers being opened, no more than a few at a time, until all are ready. */
export class Opening {
  private started = 0;
  private ready = 0;
  private resolve: () => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor(
    private readonly count: number,
    private readonly start: (index: number) => void,
  ) {}

  /** Opens them all; rejects when one of them fails. */
  async run(): Promise<void> {
    if (this.count === 0) return;
    const timer = setTimeout(
      () => this.fail(`only ${this.ready} of ${this.count} clients are ready after ${TIMEOUT_MS / 1000} s`),
      TIMEOUT_MS,
    );
    try {
      await new Promise<void>((resolve, reject) => {
        this.resolve = resolve;
        this.reject = reject;
        this.startMore();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  oneReady(): void {
    this.ready++;
    if (this.ready === this.count) this.resolve();
    else this.startMore();
  }

  fail(reason: string): void {
    this.reject(new Error(reason));
  }

  private startMore(): void {
    while (this.started < this.count && this.started - this.ready < AT_A_TIME) this.start(this.started++);
  }
}
