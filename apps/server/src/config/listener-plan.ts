import type { Config } from './config.schema.js';
import type { ListenerEntry } from './listener.schema.js';

/** A port, or a Unix socket. */
export type ListenerPlace =
  { readonly host: string; readonly port: number } | { readonly socket: string; readonly mode: number };

/** How a listener speaks TLS. */
export interface TlsPlan {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
  readonly clientCertificates: 'off' | 'optional' | 'required';
  readonly certificateAs: 'nothing' | 'username' | 'client-id';
}

/** One door to be opened, with all that holds there. */
export interface ListenerPlan {
  readonly name: string;
  readonly kind: ListenerEntry['kind'];
  readonly place: ListenerPlace;
  readonly tls: TlsPlan | null;
  readonly proxyProtocol: boolean;
  readonly trustedProxies: readonly string[];
  /** Null for what holds everywhere. */
  readonly allowAnonymous: boolean | null;
  readonly maxConnections: number | null;
  readonly maxPacketBytes: number | null;
  /** The setting that its port or socket is in, as people find it. */
  readonly setting: string;
}

/** What is still open in a plan when the settings do not fit together. */
type Draft = Omit<ListenerPlan, 'tls'> & { readonly tls: TlsDraft | null };
type TlsDraft = Omit<TlsPlan, 'cert' | 'key'> & { readonly cert: string | null; readonly key: string | null };

const DEFAULT_MODE = '660';

/** The doors that these settings ask for, and what is wrong with them, in whole sentences. */
export function planListeners(config: Config): { plans: readonly ListenerPlan[]; problems: readonly string[] } {
  const drafts = [...usualDrafts(config), ...config.listeners.map((entry, index) => draftOf(entry, index, config))];
  const plans = drafts.filter((draft): draft is ListenerPlan => draft.tls === null || isWhole(draft.tls));
  const problems = [...tlsProblems(config), ...config.listeners.flatMap(entryProblems(config)), ...clashes(drafts)];
  if (!drafts.some(({ kind }) => kind === 'http'))
    problems.push('There is no door for the dashboard: give httpPort or httpsPort, or a listener of the kind http.');
  return { plans, problems };
}

/** The doors that have a setting of their own for their port. */
function usualDrafts(config: Config): Draft[] {
  const { host, tlsCert } = config;
  const tls = { ...commonTls(config), clientCertificates: 'off', certificateAs: 'nothing' } as const;
  const mqttTls = {
    ...tls,
    clientCertificates: config.tlsClientCertificates,
    certificateAs: config.tlsCertificateAs,
  };
  const securePort = (port: number | 'off' | undefined, usual: number) =>
    tlsCert === undefined ? 'off' : (port ?? usual);
  const doors = [
    { name: 'http', kind: 'http', port: config.httpPort, tls: null, setting: '--http-port (PERCH_HTTP_PORT)' },
    {
      name: 'https',
      kind: 'http',
      port: securePort(config.httpsPort, 8443),
      tls,
      setting: '--https-port (PERCH_HTTPS_PORT)',
    },
    { name: 'mqtt', kind: 'mqtt', port: config.mqttPort, tls: null, setting: '--mqtt-port (PERCH_MQTT_PORT)' },
    {
      name: 'mqtts',
      kind: 'mqtt',
      port: securePort(config.mqttsPort, 8883),
      tls: mqttTls,
      setting: '--mqtts-port (PERCH_MQTTS_PORT)',
    },
    {
      name: 'registry',
      kind: 'registry',
      port: config.flockRegistryPort,
      tls: null,
      setting: '--flock-registry-port (PERCH_FLOCK_REGISTRY_PORT)',
    },
  ] as const;
  return doors.flatMap(({ port, ...door }) =>
    port === 'off' ? [] : [{ ...plain, ...door, place: { host, port }, trustedProxies: config.trustedProxies }],
  );
}

const plain = { proxyProtocol: false, allowAnonymous: null, maxConnections: null, maxPacketBytes: null } as const;

function commonTls({ tlsCert, tlsKey, tlsClientCa }: Config) {
  return { cert: tlsCert ?? null, key: tlsKey ?? null, clientCa: tlsClientCa ?? null };
}

function draftOf(entry: ListenerEntry, index: number, config: Config): Draft {
  const { name, kind, proxyProtocol } = entry;
  const { host = config.host, port = 0, socket, mode = DEFAULT_MODE } = entry;
  return {
    name,
    kind,
    place: socket === undefined ? { host, port } : { socket, mode: Number.parseInt(mode, 8) },
    tls: entry.tls && tlsOf(entry.tls, config),
    proxyProtocol,
    trustedProxies: entry.trustedProxies ?? config.trustedProxies,
    allowAnonymous: entry.allowAnonymous ?? null,
    maxConnections: entry.maxConnections ?? null,
    maxPacketBytes: entry.maxPacketBytes ?? null,
    setting: `listeners[${index}].${socket === undefined ? 'port' : 'socket'}`,
  };
}

/** A listener with a certificate of its own does not take the common key, nor the other way round. */
function tlsOf(own: NonNullable<ListenerEntry['tls']>, config: Config): TlsDraft {
  const common = commonTls(config);
  const hasOwn = own.cert !== undefined || own.key !== undefined;
  return {
    cert: hasOwn ? (own.cert ?? null) : common.cert,
    key: hasOwn ? (own.key ?? null) : common.key,
    clientCa: own.clientCa ?? common.clientCa,
    clientCertificates: own.clientCertificates,
    certificateAs: own.certificateAs,
  };
}

function isWhole(tls: TlsDraft): tls is TlsPlan {
  return tls.cert !== null && tls.key !== null;
}

/** What does not fit together in the settings that are common to all listeners. */
function tlsProblems(config: Config): string[] {
  const { tlsCert, tlsKey, tlsClientCa, tlsClientCertificates, tlsCertificateAs } = config;
  const problems: string[] = [];
  if (tlsCert !== undefined && tlsKey === undefined) problems.push('tlsKey is missing: tlsCert needs its key.');
  if (tlsKey !== undefined && tlsCert === undefined) problems.push('tlsCert is missing: tlsKey needs its certificate.');
  for (const key of ['httpsPort', 'mqttsPort'] as const) {
    if (typeof config[key] === 'number' && tlsCert === undefined)
      problems.push(`${key} needs a certificate: give tlsCert and tlsKey.`);
  }
  const tls = { ...commonTls(config), clientCertificates: tlsClientCertificates, certificateAs: tlsCertificateAs };
  problems.push(...clientProblems(tls, { ca: 'tlsClientCa', mode: 'tlsClientCertificates', as: 'tlsCertificateAs' }));
  if (tlsClientCertificates !== 'off' && tlsClientCa !== undefined && tlsCert === undefined)
    problems.push('tlsClientCertificates needs a certificate of the server: give tlsCert and tlsKey.');
  return problems;
}

/** What does not fit together in each entry of `listeners`. */
function entryProblems(config: Config) {
  return (entry: ListenerEntry, index: number): string[] => {
    const at = `listeners[${index}]`;
    const problems: string[] = [];
    if ((entry.port === undefined) === (entry.socket === undefined))
      problems.push(`${at} needs either a port or a socket.`);
    if (entry.socket !== undefined && entry.host !== undefined)
      problems.push(`${at}.host has no meaning for a socket.`);
    if (entry.socket === undefined && entry.mode !== undefined) problems.push(`${at}.mode has no meaning for a port.`);
    const { tls, trustedProxies, proxyProtocol, socket } = { ...draftOf(entry, index, config), socket: entry.socket };
    if (proxyProtocol && socket === undefined && trustedProxies.length === 0)
      problems.push(`${at}.proxyProtocol needs to know whom to believe: give trustedProxies.`);
    if (!tls) return problems;
    if (!isWhole(tls))
      problems.push(`${at}.tls needs a certificate and its key: give cert and key, or tlsCert and tlsKey.`);
    const names = { ca: `${at}.tls.clientCa`, mode: `${at}.tls.clientCertificates`, as: `${at}.tls.certificateAs` };
    return [...problems, ...clientProblems(tls, names)];
  };
}

/** The settings about clients' certificates, by the names they have at this place. */
interface ClientSettingNames {
  readonly ca: string;
  readonly mode: string;
  readonly as: string;
}

function clientProblems(tls: TlsDraft, names: ClientSettingNames): string[] {
  if (tls.clientCertificates === 'off')
    return tls.certificateAs === 'nothing' ? [] : [`${names.as} needs ${names.mode} to be optional or required.`];
  return tls.clientCa === null ? [`${names.mode} needs to know who signs them: give ${names.ca}.`] : [];
}

/** Names and places that are given to two listeners. */
function clashes(drafts: readonly Draft[]): string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const places = new Map<string, string>();
  for (const { name, place, setting } of drafts) {
    if (names.has(name)) problems.push(`There are two listeners with the name ${name}.`);
    names.add(name);
    const key = 'socket' in place ? place.socket : `${place.host} ${place.port}`;
    const other = places.get(key);
    if ('socket' in place || place.port !== 0) {
      if (other !== undefined) problems.push(`${setting} is the same as ${other}.`);
      places.set(key, setting);
    }
  }
  return problems;
}
