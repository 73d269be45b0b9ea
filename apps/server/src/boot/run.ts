import { pino, type Logger } from 'pino';
import { ConfigError, type ConfigInput, readConfig } from '../config/read-config.js';
import { SetupLink } from '../features/setup/setup-link.js';
import { banner } from './banner.js';
import { explainError } from './explain-error.js';
import { handleSignals } from './handle-signals.js';
import { newLogger } from './logger.js';
import { type Configured, startServer } from './start-server.js';

const STDERR = 2;

/** Runs Perch as this process: prints where it is and serves until a signal, or says why it cannot and exits: with 2 for settings that are wrong, otherwise with 1. */
export async function run(input: ConfigInput): Promise<void> {
  try {
    const invocation = readConfig(input);
    if ('text' in invocation) console.log(invocation.text);
    else await serve(invocation);
  } catch (error) {
    console.error(explainError(error));
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

/** Standard output is for people, the log goes to standard error. */
async function serve({ config, origins }: Configured): Promise<void> {
  const destination = pino.destination({ fd: STDERR, sync: true });
  const logger = newLogger({ level: config.logLevel, readable: process.stderr.isTTY, destination });
  tellBugs(logger);
  const starting = startServer({ config, origins }, logger);
  const started = starting.catch(() => null);
  const reload = () => {
    started
      .then((server) => server?.reload())
      .catch((err: unknown) => logger.error({ err }, 'Reading the files again failed.'));
  };
  handleSignals({ close: async () => (await started)?.close(), reload }, logger);
  try {
    const server = await starting;
    const setupPath = await server.app.get(SetupLink, { strict: false }).currentLink();
    console.log(banner({ ...server, config, setupPath }));
  } catch (error) {
    logger.debug({ err: error }, 'The start failed.');
    throw error;
  }
}

const BUG = 'A bug in Perch: please report it with this stack.';

/**
 * After an error that nobody caught, nothing is certain any more: whoever supervises us starts us afresh. What failed while
 * nobody waited for it has ended by itself alone, and no client is to lose its connection for that.
 */
function tellBugs(logger: Logger): void {
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, BUG);
    process.exit(1);
  });
  process.on('unhandledRejection', (err) => logger.error({ err }, BUG));
}
