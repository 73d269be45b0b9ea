import type { Logger } from 'pino';

const INTERRUPTED = 130;

/**
 * Ends the process in order at the first SIGINT, SIGTERM or SIGHUP, and at once at the second.
 * `close` may be called while the server still starts; it has to wait for that by itself.
 */
export function stopOnSignal(close: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(INTERRUPTED); // an exit handler still takes the built-in Postgres down
    isStopping = true;
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
