/** What is known of one step of the history: gauges as they were, counters as what they rose by in a second. */
export interface StepValues {
  /** The start of the step, in ms since the epoch. */
  readonly at: number;
  readonly stepSeconds: number;
  /** By series; what is left out is not known. */
  readonly values: ReadonlyMap<string, number>;
}
