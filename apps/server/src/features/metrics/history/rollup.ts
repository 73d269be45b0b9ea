import type { StepValues } from './step-values.js';

interface Sum {
  sum: number;
  count: number;
  max: number;
}

/** Sums seconds up in longer steps: the mean of what is known, or the greatest where that says more. */
export class Rollup {
  private sums = new Map<string, Sum>();
  private start: number | null = null;

  constructor(
    private readonly stepSeconds: number,
    /** Whether the greatest value of a series stands for a step. */
    private readonly isMax: (key: string) => boolean,
  ) {}

  /** Adds the values of a second; returns the step before, when that is over by then. */
  add(second: number, values: ReadonlyMap<string, number>): StepValues | null {
    const start = second - (second % this.stepSeconds);
    const done = this.start !== null && this.start !== start ? this.end() : null;
    this.start = start;
    for (const [key, value] of values) {
      const known = this.sums.get(key);
      if (!known) this.sums.set(key, { sum: value, count: 1, max: value });
      else {
        known.sum += value;
        known.count++;
        if (value > known.max) known.max = value;
      }
    }
    return done;
  }

  /** What there is of the step that is not over; null when there is nothing. */
  end(): StepValues | null {
    if (this.start === null || this.sums.size === 0) return null;
    const values = new Map<string, number>();
    for (const [key, { sum, count, max }] of this.sums) values.set(key, this.isMax(key) ? max : sum / count);
    const step = { at: this.start * 1000, stepSeconds: this.stepSeconds, values };
    this.sums = new Map();
    this.start = null;
    return step;
  }
}
