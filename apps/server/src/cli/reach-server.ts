import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Configured } from '../boot/start-server.js';
import { fileReason } from '../config/file-reason.js';
import { planListeners } from '../config/listener-plan.js';
import { readConfig } from '../config/read-config.js';
import { CliError, exitCodes } from './exit-codes.js';
import { notPerch, RestApi, unreachable } from './rest-api.js';
import type { Reached } from './stopped-server.js';
import type { Terminal } from './terminal.js';

const PROBE_TIMEOUT_MS = 3_000;

/** Where the server is, as the command line says it. */
export interface Whereabouts {
  readonly server?: string;
  readonly apiKeyFile?: string;
  readonly config?: string;
  /** Only a server will do that others are connected to. */
  readonly isLive?: boolean;
}

/** The server that was named, the one that runs as the settings say, or else its database. Rejects with a `CliError`. */
export async function reachServer(where: Whereabouts, terminal: Terminal): Promise<Reached> {
  const named = where.server ?? (terminal.env.PERCH_URL || undefined);
  if (named !== undefined) {
    const url = checkedUrl(named);
    if (isInClear(url))
      terminal.note(`Warning: ${url} is reached without TLS, so the API key can be read on the way. Use https.`);
    return remote(url, where, terminal);
  }
  const configured = configuration(where, terminal);
  const url = urlOf(configured);
  if (url !== null && (await answers(url))) return remote(url, where, terminal);
  if (where.isLive)
    throw new CliError('No server runs here: start it, or name one with --server.', exitCodes.unreachable);
  terminal.progress('The server is not running here; opening its database ...');
  // It brings the whole application along, which a running server has no need of.
  const { openStopped } = await import('./stopped-server.js');
  return openStopped(configured);
}

/** The settings of the server that would start here. */
export function configuration({ config }: Whereabouts, { env, cwd }: Terminal): Configured {
  const read = readConfig({ args: config === undefined ? [] : ['--config', config], env, cwd });
  if ('text' in read) throw new Error('No text was asked for.');
  return read;
}

/** Where the API of that server is; null where only a Unix socket leads to it. */
export function urlOf({ config }: Configured): string | null {
  const doors = planListeners(config).plans.filter(({ kind, place }) => kind === 'http' && 'port' in place);
  const door = doors.find(({ tls }) => tls === null) ?? doors[0];
  if (!door || !('port' in door.place)) return null;
  const { host, port } = door.place;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${door.tls ? 'https' : 'http'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Whether a Perch answers there. Rejects where something else does. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    if (response.ok) return true;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code === 'ECONNREFUSED') return false;
    throw unreachable(url, error);
  }
  throw notPerch(url);
}

/** Whether what is sent there leaves this machine unencrypted. */
function isInClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && hostname !== 'localhost' && hostname !== '[::1]' && !/^127(\.\d+){3}$/.test(hostname);
}

async function remote(url: string, { apiKeyFile }: Whereabouts, { env, cwd }: Terminal): Promise<Reached> {
  const key = apiKeyFile === undefined ? (env.PERCH_API_KEY ?? '') : await readKey(resolve(cwd, apiKeyFile));
  if (key === '')
    throw new CliError(
      `The server at ${url} asks for an API key: make one in the dashboard under API keys, and give it with ` +
        'PERCH_API_KEY or --api-key-file.',
      exitCodes.forbidden,
    );
  return { api: new RestApi(url, key), close: () => Promise.resolve() };
}

async function readKey(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new CliError(`The file of the API key ${file} cannot be read: ${fileReason(error)}.`, exitCodes.usage);
  }
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new CliError(`${text} is not the address of a server: write it as http://localhost:8080.`, exitCodes.usage);
}
