const waiting: (() => void)[] = [];

/** Has it run when the test that is running ends, whatever becomes of it. */
export function whenTestEnds(run: () => void): void {
  waiting.push(run);
}

/** Runs all of it, the last one first. */
export function endTest(): void {
  for (const run of waiting.splice(0).reverse()) run();
}
