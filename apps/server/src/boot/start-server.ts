import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { FrontDoor, JSON_PATH, MQTT_PATH } from '../broker/front-door.js';
import { RawSocketAdapter } from '../broker/raw-socket.adapter.js';
import type { Config } from '../config/config.schema.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { configureHttp } from '../http/configure-http.js';
import { explainListenError } from './explain-error.js';
import { Listeners } from './listeners.js';
import { NestLog } from './logger.js';
import { RootModule } from './root.module.js';

const DRAIN_TIMEOUT_MS = 10_000;

/** A server that takes connections, until `close`. */
export interface RunningServer {
  readonly app: NestExpressApplication;
  readonly httpPort: number;
  readonly mqttPort: number | null;
  /** Takes no more connections, says goodbye to those there are, writes what is held, and stops the database. */
  close(): Promise<void>;
}

/** Database, migrations, application, listeners: in this order. What was started is stopped again when a step fails. */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const { databaseUrl, dataDir } = config;
  const log = (level: 'debug' | 'warn', line: string) => logger[level]({ context: 'Database' }, line);
  const database = await openDatabase({ databaseUrl, dataDir, log });
  try {
    return await startApp(config, database, logger);
  } catch (error) {
    await database.close();
    throw explainListenError(error, config);
  }
}

async function startApp(config: Config, database: Database, logger: Logger): Promise<RunningServer> {
  const app = await NestFactory.create<NestExpressApplication>(RootModule.around(config, database), {
    logger: new NestLog(logger),
    abortOnError: false,
    forceCloseConnections: true,
  });
  configureHttp(app, { maxPacketBytes: config.maxPacketBytes });
  app.useWebSocketAdapter(new RawSocketAdapter(app, app.get(FrontDoor)));
  try {
    await app.listen(config.httpPort, config.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port: httpPort } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const listeners = app.get(Listeners);
  listeners.add({ kind: 'http', port: httpPort });
  listeners.add({ kind: 'mqtt-ws', port: httpPort, path: MQTT_PATH });
  listeners.add({ kind: 'json-ws', port: httpPort, path: JSON_PATH });
  const close = () => drain(app, database, logger);
  return { app, httpPort, mqttPort: listeners.portOf('mqtt'), close };
}

/** The database stops last, and is stopped also when the application does not come to an end. */
async function drain(app: NestExpressApplication, database: Database, logger: Logger): Promise<void> {
  const late = Symbol('late');
  const outcome = await Promise.race([
    app.close().catch((error: unknown) => logger.error({ err: error }, 'The application did not close cleanly.')),
    delay(DRAIN_TIMEOUT_MS, late, { ref: false }),
  ]);
  if (outcome === late) logger.warn(`Not everything was closed within ${DRAIN_TIMEOUT_MS} ms.`);
  await database.close();
}
