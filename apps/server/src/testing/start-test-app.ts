import { newLogger } from '../boot/logger.js';
import { startServer, type RunningServer } from '../boot/start-server.js';
import { readConfig } from '../config/read-config.js';
import { createTestDatabase } from './test-database.js';

/** What a test may change about the server it starts. */
export interface TestAppOptions {
  /** Settings by their environment names. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole server, as `npm start` runs it. */
export interface TestApp extends RunningServer {
  /** Of the HTTP listener, without a slash at the end. */
  readonly url: string;
}

/** Starts the server on free ports of 127.0.0.1 and a database of its own, which `close` drops. */
export async function startTestApp({ env = {} }: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const settings = {
    PERCH_HOST: '127.0.0.1',
    PERCH_HTTP_PORT: '0',
    PERCH_MQTT_PORT: '0',
    PERCH_LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    ...env,
  };
  const invocation = readConfig({ args: [], env: settings, cwd: '/' });
  if (!('config' in invocation)) throw new Error('The test asked for a text instead of a server.');
  const { config } = invocation;
  const logger = newLogger({ level: config.logLevel, readable: true, destination: process.stderr });
  const server = await startServer(invocation, logger).catch(async (error: unknown) => {
    await database.drop();
    throw error;
  });
  const close = async () => {
    await server.close();
    await database.drop();
  };
  return { ...server, url: `http://127.0.0.1:${server.httpPort}`, close };
}
