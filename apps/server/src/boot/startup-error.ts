/** Why the server cannot start, and the way out: each one sentence, written for the person at the terminal. */
export class StartupError extends Error {
  override readonly name = 'StartupError';

  constructor(
    readonly problem: string,
    readonly wayOut: string,
    options?: ErrorOptions,
  ) {
    super(`${problem} ${wayOut}`, options);
  }
}
