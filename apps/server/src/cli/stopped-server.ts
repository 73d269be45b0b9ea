import pg from 'pg';
import { pino } from 'pino';
import { type Configured, startServer } from '../boot/start-server.js';
import type { Config } from '../config/config.schema.js';
import { ApiKeysService } from '../features/api-keys/api-keys.service.js';
import { byItself } from '../http/actor.js';
import { CliError, exitCodes } from './exit-codes.js';
import { RestApi } from './rest-api.js';

const CONNECT_TIMEOUT_MS = 5_000;
const KEY_LIFE_MS = 60 * 60_000;

/** An API that stays until it is closed. */
export interface Reached {
  readonly api: RestApi;
  readonly close: () => Promise<void>;
}

/**
 * What there is while the server is stopped: the same application on its database, without a door for devices and with one
 * for this command alone, so that a change is checked, stored and audited as any other. Rejects where a server runs.
 */
export async function openStopped({ config, origins }: Configured): Promise<Reached> {
  if (config.databaseUrl !== undefined) await assertUnused(config.databaseUrl);
  const logger = pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }));
  const server = await startServer({ config: withoutDoors(config), origins }, logger).catch((error: unknown) => {
    throw new CliError(`The database cannot be opened: ${(error as Error).message}`, exitCodes.unreachable, {
      cause: error,
    });
  });
  const keys = server.app.get(ApiKeysService, { strict: false });
  const actor = byItself('command line');
  const name = `command line ${process.pid} ${new Date().toISOString()}`;
  try {
    const { key, secret } = await keys.create(
      { name, role: 'admin', expiresAt: new Date(Date.now() + KEY_LIFE_MS).toISOString() },
      actor,
    );
    const close = async () => {
      await keys.revoke(key.id, actor).finally(() => server.close());
    };
    return { api: new RestApi(`http://127.0.0.1:${server.httpPort}`, secret), close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function withoutDoors(config: Config): Config {
  return Object.freeze<Config>({
    ...config,
    host: '127.0.0.1',
    httpPort: 0,
    logLevel: 'error',
    httpsPort: 'off',
    mqttPort: 'off',
    mqttsPort: 'off',
    listeners: [],
    tlsCert: undefined,
    tlsKey: undefined,
    tlsClientCertificates: 'off',
    tlsCertificateAs: 'nothing',
  });
}

/** A server keeps the policy in memory: what is written behind its back it would not know. */
async function assertUnused(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  try {
    await client.connect();
    const { rows } = await client.query<{ address: string | null }>(
      `SELECT DISTINCT host(client_addr) AS address FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'perch'`,
    );
    if (rows.length === 0) return;
    const from = rows.map(({ address }) => address ?? 'this machine').join(', ');
    throw new CliError(
      `A Perch server is running on this database, connected from ${from}. Name it with --server, or stop it.`,
      exitCodes.unreachable,
    );
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`The database cannot be reached: ${(error as Error).message}`, exitCodes.unreachable, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
