import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { FrontDoor } from '../broker/front-door.js';
import { loadCertificate } from '../broker/listeners/certificate.js';
import { OpenListeners } from '../broker/listeners/open-listeners.js';
import { RawSocketAdapter } from '../broker/raw-socket.adapter.js';
import type { Config } from '../config/config.schema.js';
import { planListeners } from '../config/listener-plan.js';
import { RunningSettings, type SettingOrigins } from '../config/running-settings.js';
import { openDatabase } from '../database/open-database.js';
import { readKeptSettings } from '../features/settings/kept-settings.js';
import { configureHttp } from '../http/configure-http.js';
import { startTraces } from '../tracing/start-traces.js';
import { type Listener, Listeners } from './listeners.js';
import { NestLog } from './logger.js';
import { type Around, RootModule } from './root.module.js';

const DRAIN_TIMEOUT_MS = 10_000;

/** A server that takes connections, until `close`. */
export interface RunningServer {
  readonly app: NestExpressApplication;
  readonly listeners: readonly Listener[];
  readonly httpPort: number | null;
  readonly mqttPort: number | null;
  /** Reads the certificates again, for connections to come. */
  reload(): void;
  /** Takes no more connections, says goodbye to those there are, writes what is held, and stops the database. */
  close(): Promise<void>;
}

/** The configuration, and where each setting was given. */
export interface Configured {
  readonly config: Config;
  readonly origins?: SettingOrigins;
}

/** Database, migrations, application, listeners: in this order. What was started is stopped again when a step fails. */
export async function startServer({ config, origins }: Configured, logger: Logger): Promise<RunningServer> {
  const { databaseUrl, dataDir } = config;
  // A wrong certificate is told before a database is made.
  for (const { tls } of planListeners(config).plans) if (tls) loadCertificate(tls);
  const log = (level: 'debug' | 'warn', line: string) => logger[level]({ context: 'Database' }, line);
  const database = await openDatabase({ databaseUrl, dataDir, log });
  try {
    const settings = new RunningSettings(config, origins, await readKeptSettings(database.pool));
    for (const problem of settings.problems) logger.warn({ context: 'Settings' }, problem);
    logger.level = settings.config.logLevel;
    return await startApp({ settings, database, traces: await startTraces(settings.config, logger) }, logger);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function startApp(around: Around, logger: Logger): Promise<RunningServer> {
  const { settings, traces } = around;
  const app = await NestFactory.create<NestExpressApplication>(RootModule.around(around), {
    logger: new NestLog(logger),
    abortOnError: false,
    forceCloseConnections: true,
  });
  const listeners = app.get(Listeners);
  configureHttp(app, { maxPacketBytes: settings.config.maxPacketBytes, listeners: () => listeners.list(), traces });
  app.useWebSocketAdapter(new RawSocketAdapter(app, app.get(FrontDoor)));
  try {
    await app.init();
    await app.get(OpenListeners, { strict: false }).open();
  } catch (error) {
    await app.close();
    await traces?.close();
    throw error;
  }
  return {
    app,
    listeners: listeners.list(),
    httpPort: listeners.portOf('http'),
    mqttPort: listeners.portOf('mqtt'),
    reload: () => app.get(OpenListeners, { strict: false }).reloadCertificates(),
    close: () => drain(app, around, logger),
  };
}

/** The database stops last, and is stopped also when the application does not come to an end. */
async function drain(app: NestExpressApplication, { database, traces }: Around, logger: Logger): Promise<void> {
  const late = Symbol('late');
  const outcome = await Promise.race([
    app.close().catch((error: unknown) => logger.error({ err: error }, 'The application did not close cleanly.')),
    delay(DRAIN_TIMEOUT_MS, late, { ref: false }),
  ]);
  if (outcome === late) logger.warn(`Not everything was closed within ${DRAIN_TIMEOUT_MS} ms.`);
  await traces?.close();
  await database.close();
}
