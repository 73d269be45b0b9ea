import { join } from 'node:path';
import type { Config } from '../config/config.schema.js';
import { version } from '../config/version.js';
import type { Listener } from './listeners.js';

/** What there is to tell about a server that has just started. */
export interface BannerFacts {
  readonly config: Config;
  readonly listeners: readonly Listener[];
  /** Path of the one-time link that makes the first operator, or null when there is one. */
  readonly setupPath: string | null;
}

/** Where everything is, in under 15 lines. */
export function banner({ config, listeners, setupPath }: BannerFacts): string {
  const urlsOf = (wanted: Listener['kind']) => listeners.filter(({ kind }) => kind === wanted).map(urlOf);
  const dashboards = urlsOf('http');
  const registries = urlsOf('registry');
  const lines = [
    '',
    `  Perch ${version} is up. Ctrl-C stops it.`,
    '',
    `  Dashboard   ${dashboards.join(', ')}`,
    ...(setupPath
      ? [`  Set up      ${dashboards[0]}${setupPath.slice(1)}   (makes the first operator; works once)`]
      : []),
    `  Devices     ${[...urlsOf('mqtt'), ...urlsOf('mqtt-ws')].join(', ')}`,
    ...(registries.length > 0 ? [`  Registry    ${registries.join(', ')}`] : []),
    `  Data        ${dataPlace(config)}`,
    '',
    ...firstDevice(listeners),
  ];
  return `${lines.join('\n')}\n`;
}

const schemes: Partial<Record<Listener['kind'], readonly [plain: string, secure: string]>> = {
  http: ['http', 'https'],
  mqtt: ['mqtt', 'mqtts'],
  'mqtt-ws': ['ws', 'wss'],
  registry: ['http', 'https'],
};

function urlOf({ kind, secure, host, port, socket, path = '' }: Listener): string {
  const [plain, overTls] = schemes[kind] ?? [kind, kind];
  const scheme = secure ? overTls : plain;
  if (host === null) return `${scheme}+unix:${socket}`;
  return `${scheme}://${bracketed(reachableHost(host))}:${port}${kind === 'http' ? '/' : path}`;
}

function firstDevice(listeners: readonly Listener[]): string[] {
  const door = listeners.find(({ kind, secure, port }) => kind === 'mqtt' && !secure && port !== null);
  if (!door) return [];
  return [
    '  Add a user and a rule in the dashboard, then connect a first device:',
    `    mosquitto_pub -h ${reachableHost(door.host ?? '')} -p ${door.port} -u USER -P PASSWORD -t hello -m world`,
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
