import { isatty } from 'node:tty';
import type { Logger } from 'pino';

const INTERRUPTED = 130;

// npm passes on the Ctrl-C that the terminal has delivered to everybody already: one press arrives twice.
const SAME_PRESS_MS = 500;

/** What signals lead to. Both may be called while the server still starts; they have to wait for that by themselves. */
export interface SignalHandlers {
  readonly close: () => Promise<void>;
  readonly reload: () => void;
}

/**
 * Ends the process in order at the first SIGINT or SIGTERM, and at once at the second. SIGHUP has two meanings: the
 * terminal that we were started from has gone, or an administrator wants our files read again.
 */
export function handleSignals({ close, reload }: SignalHandlers, logger: Logger): void {
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
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const terminals = [0, 1, 2].filter(isatty);
  const hasLostTerminal = () => terminals.length > 0 && !terminals.some(isatty);
  process.on('SIGHUP', (signal) => (hasLostTerminal() ? stop(signal) : reload()));
}
