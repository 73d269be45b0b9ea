import { join } from 'node:path';
import type { Config } from '../config/config.schema.js';
import { version } from '../config/version.js';

/** What there is to tell about a server that has just started. */
export interface BannerFacts {
  readonly config: Config;
  readonly httpPort: number;
  readonly mqttPort: number | null;
  /** Path of the one-time link that makes the first operator, or null when there is one. */
  readonly setupPath: string | null;
}

/** Where everything is, in under 15 lines. */
export function banner({ config, httpPort, mqttPort, setupPath }: BannerFacts): string {
  const host = reachableHost(config.host);
  const web = `${bracketed(host)}:${httpPort}`;
  const lines = [
    '',
    `  Perch ${version} is up. Ctrl-C stops it.`,
    '',
    `  Dashboard   http://${web}/`,
    ...(setupPath ? [`  Set up      http://${web}${setupPath}   (makes the first operator; works once)`] : []),
    `  Devices     ${mqttPort === null ? '' : `mqtt://${bracketed(host)}:${mqttPort} and `}ws://${web}/mqtt`,
    `  Data        ${dataPlace(config)}`,
    '',
    ...(mqttPort === null ? [] : firstDevice(host, mqttPort)),
  ];
  return `${lines.join('\n')}\n`;
}

function firstDevice(host: string, port: number): string[] {
  return [
    '  Add a user and a rule in the dashboard, then connect a first device:',
    `    mosquitto_pub -h ${host} -p ${port} -u USER -P PASSWORD -t hello -m world`,
    '',
  ];
}

function dataPlace({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return `${join(dataDir, 'postgres')} (built-in Postgres)`;
  const { host, pathname } = new URL(databaseUrl);
  return `Postgres at ${host}${pathname}`;
}

function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);
