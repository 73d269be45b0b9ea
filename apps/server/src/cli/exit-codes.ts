/** How `perch` ends. Scripts rely on these. */
export const exitCodes = {
  /** It is done; or the answer to what was asked is yes. */
  done: 0,
  /** It could not be done, a test failed, or the answer is no. */
  no: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
  /** There is no server, and no database either. */
  unreachable: 3,
  /** The API key is missing, wrong, or may not do this. */
  forbidden: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Why a command ends early, for the person at the terminal. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
