/** What a keep-alive needs to know and to do. */
export interface KeepAliveTask {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  ping(): void;
  dead(): void;
}

/** Pings at an interval and tells when a ping goes unanswered. Anything heard is an answer. */
export class KeepAlive {
  private interval: ReturnType<typeof setInterval> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;

  start(task: KeepAliveTask): void {
    this.stop();
    this.interval = setInterval(() => this.ask(task), task.intervalMs);
  }

  stop(): void {
    clearInterval(this.interval);
    this.heard();
  }

  heard(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  private ask(task: KeepAliveTask): void {
    task.ping();
    // Measured from the ping and not from what was heard last: browsers slow the timers of hidden tabs down to one a minute.
    this.deadline ??= setTimeout(() => task.dead(), task.timeoutMs);
  }
}
