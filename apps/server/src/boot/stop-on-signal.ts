import type { Logger } from 'pino';

const INTERRUPTED = 130;

// npm passes on the Ctrl-C that the terminal has delivered to everybody already: one press arrives twice.
const SAME_PRESS_MS = 500;

/**
 * Ends the process in order at the first SIGINT, SIGTERM or SIGHUP, and at once at the second.
 * `close` may be called while the server still starts; it has to wait for that by itself.
 */
export function stopOnSignal(close: () => Promise<void>, logger: Logger): void {
  let stoppingSince: number | null = null;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== null) {
      // An exit handler still takes the built-in Postgres down.
      return performance.now() - stoppingSince > SAME_PRESS_MS ? process.exit(INTERRUPTED) : undefined;
    }
    stoppingSince = performance.now();
    logger.info(`${signal}: stopping. Once more stops at once.`);
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'Stopping failed.');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}
