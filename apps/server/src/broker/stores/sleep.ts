/** A pause that can be cut short. One sleeper at a time. */
export class Sleep {
  private end: (() => void) | null = null;

  /** Resolves after the time, or at the next `wake`. */
  for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    this.end?.();
    this.end = null;
  }
}
