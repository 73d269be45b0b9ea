import { FLOCK_PATH, FLYWHEEL_PATH } from '../../config/door-paths.js';
import type { TranslatedLine } from '../translation.js';
import type { HmqFiles } from './hmq-files.js';
import { translateCsvLog } from './translate-csv-log.js';

/** One key of an hmq.config, or one flag of HMQ. */
export interface HmqValue {
  readonly key: string;
  readonly value: unknown;
  /** Where it stands: `hmq.config` or `the flag -p`. */
  readonly place: string;
}

/** What an HMQ comes to here. */
export interface HmqTranslation {
  readonly lines: readonly TranslatedLine[];
  /** By their names in perch.config.json. */
  readonly settings: Readonly<Record<string, unknown>>;
}

type Fate = Pick<TranslatedLine, 'fate' | 'says'>;

const kept = (says: string): Fate => ({ fate: 'kept', says });
const differs = (says: string): Fate => ({ fate: 'differs', says });
const leftOut = (says: string): Fate => ({ fate: 'left-out', says });

/** The dashboard's port where HMQ names none, and the next best where that is taken. */
const HTTP_PORTS = [8080, 8088, 8090];

/** Says of each value what it becomes, and of the files that HMQ would read what is in them. */
export function translateHmq(values: readonly HmqValue[], files: HmqFiles): HmqTranslation {
  const work = new Work(new Map(values.map(({ key, value }) => [key, value])), files);
  const lines = values.map(({ key, value, place }): TranslatedLine => {
    const text = `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    return { place, text, ...work.take(key, value) };
  });
  return { settings: work.settings(), lines: [...lines, ...work.remarks()] };
}

class Work {
  private readonly made: Record<string, unknown> = {};

  constructor(
    private readonly given: ReadonlyMap<string, unknown>,
    private readonly files: HmqFiles,
  ) {}

  take(key: string, value: unknown): Fate {
    const meaning = this.meanings[key];
    if (!meaning) return leftOut('HMQ knows no such key, and neither does Perch.');
    return value === '' ? leftOut('Empty: HMQ does not use it.') : meaning(value);
  }

  settings(): Record<string, unknown> {
    const listeners = [this.webSocket(), this.tlsElsewhere()].filter((each) => each !== null);
    return {
      mqttPort: 'off',
      // HMQ asks nobody for a password unless a plugin does.
      allowAnonymous: true,
      policyDefault: this.given.get('acl') === true ? 'deny' : 'allow',
      httpPort: this.freeHttpPort(),
      ...this.made,
      ...(listeners.length > 0 && { listeners }),
    };
  }

  /** What is there without a line of its own. */
  remarks(): TranslatedLine[] {
    const says = (text: string, says: string): TranslatedLine => ({ place: 'HMQ', text, fate: 'differs', says });
    const plugin =
      'Clients need no password, as with HMQ. Make users, and set allowAnonymous to false, to ask for one.';
    const dashboard = `The dashboard and the REST API are at port ${String(this.settings()['httpPort'])}, behind a log-in.`;
    return [
      ...(this.given.has('plugins') ? [] : [says('no authentication', plugin)]),
      ...(this.given.has('httpPort') ? [] : [says('no httpPort', dashboard)]),
    ];
  }

  private readonly meanings: Readonly<Record<string, (value: unknown) => Fate>> = {
    workerNum: () => leftOut('Perch has no pool of workers to size.'),
    port: (value) => this.port('mqttPort', value),
    host: (value) => this.set('host', value, kept('host: for every port that has none of its own.')),
    httpPort: (value) => {
      const fate = this.port('httpPort', value);
      if (fate.fate !== 'kept') return fate;
      return differs('httpPort: with the dashboard. /api/v1/connections asks for an API key or an operator.');
    },
    wsPort: (value) =>
      portOf(value) === null ? noPort() : kept('A listener of WebSockets: MQTT at any path, perch.json at /ws.'),
    wsPath: (value) =>
      value === FLYWHEEL_PATH || value === FLOCK_PATH
        ? differs('Another protocol is at this path: MQTT is at any other.')
        : kept('MQTT over WebSocket is at any path, this one too.'),
    wsTLS: (value) => kept(value === true ? 'The listener of WebSockets has TLS.' : 'Without TLS.'),
    tlsPort: (value) => this.tlsPort(value),
    tlsHost: () =>
      this.isTlsElsewhere() ? kept('The host of the listener mqtts.') : kept('host: the same as for the other ports.'),
    tlsInfo: (value) => this.tlsInfo(value),
    acl: (value) =>
      value === true
        ? kept('What no rule allows is denied (policyDefault deny).')
        : kept('No rules: everybody may do everything (policyDefault allow).'),
    aclConf: (value) => {
      if (this.given.get('acl') !== true) return leftOut('HMQ does not read it while acl is not true.');
      return this.rules(String(value));
    },
    debug: (value) =>
      value === true ? this.set('logLevel', 'debug', kept('logLevel debug.')) : kept('Nothing to do.'),
    cluster: () => leftOut('One Perch is one process.'),
    router: () => leftOut('One Perch is one process.'),
    plugins: (value) => this.plugins(value),
  };

  /** Rules are in the database here, which is not open yet. */
  private rules(path: string): Fate {
    const given = this.given.get('host');
    const host = typeof given === 'string' && given !== '0.0.0.0' ? given : '127.0.0.1';
    const address = `${host}:${portOf(this.given.get('httpPort')) ?? this.freeHttpPort()}`;
    const server = address === `127.0.0.1:${HTTP_PORTS[0]}` ? '' : ` --server http://${address}`;
    const command = `perch policy import ${/\s/.test(path) ? JSON.stringify(path) : path}${server}`;
    const parsed = this.files.rules(path);
    if (parsed === null)
      return differs(`It cannot be read here, and HMQ would not start. Rules are in the database: ${command}`);
    const [first] = parsed.errors;
    if (first) {
      const mistakes = parsed.errors.length === 1 ? '1 mistake' : `${parsed.errors.length} mistakes`;
      return differs(
        `${mistakes} in it; line ${first.line}: ${first.message} Mend that, then bring its rules in: ${command}`,
      );
    }
    const count = parsed.rules.length === 1 ? '1 rule' : `${parsed.rules.length} rules`;
    return differs(`It has ${count}, which go into the database. Bring them in, once, with an API key: ${command}`);
  }

  private set(key: string, value: unknown, fate: Fate): Fate {
    this.made[key] = value;
    return fate;
  }

  private plugins(value: unknown): Fate {
    const { auth, bridge } = { ...(value as Record<string, unknown>) };
    const authSays = auth
      ? 'An authhttp plugin is the authenticator and authorizer of the kind http, dialect form; see docs/access.md. '
      : '';
    if (bridge === 'csvlog') {
      const csvLog = translateCsvLog(this.files.csvLog());
      const fate = differs(`${authSays}csvlog: ${csvLog.says} See docs/bridges.md.`);
      return csvLog.bridge === null ? fate : this.set('bridges', [csvLog.bridge], fate);
    }
    const bridgeSays = bridge ? 'The same events go to a bridge of the kind webhook; see docs/bridges.md.' : '';
    return leftOut(`${authSays}${bridgeSays}`.trim() || 'There is no plugin that Perch knows.');
  }

  private port(key: string, value: unknown): Fate {
    const port = portOf(value);
    return port === null ? noPort() : this.set(key, port, kept(`${key} ${port}.`));
  }

  private tlsPort(value: unknown): Fate {
    const port = portOf(value);
    if (port === null) return noPort();
    if (this.isTlsElsewhere()) return kept('A listener of its own, mqtts.');
    return this.set('mqttsPort', port, kept(`mqttsPort ${port}.`));
  }

  private tlsInfo(value: unknown): Fate {
    const { verify, caFile, certFile, keyFile } = { ...(value as Record<string, unknown>) };
    if (!certFile || !keyFile) return leftOut('There is no certificate and key in it: no port has TLS.');
    Object.assign(this.made, { tlsCert: certFile, tlsKey: keyFile });
    // At the ports of MQTT, as in HMQ. HTTPS for the dashboard is not asked for.
    if (caFile) this.made['tlsClientCa'] = caFile;
    this.made['httpsPort'] = 'off';
    if (portOf(this.given.get('tlsPort')) === null || this.isTlsElsewhere()) this.made['mqttsPort'] = 'off';
    if (verify !== true) return kept('tlsCert and tlsKey.');
    if (!this.isTlsElsewhere()) this.made['tlsClientCertificates'] = 'required';
    return kept('tlsCert, tlsKey, tlsClientCa; clients need a certificate that it signed.');
  }

  private isTlsElsewhere(): boolean {
    const { tlsHost, host } = { tlsHost: this.given.get('tlsHost'), host: this.given.get('host') };
    return Boolean(tlsHost) && tlsHost !== (host ?? '0.0.0.0');
  }

  private get clientCertificates(): string {
    const { verify } = { ...(this.given.get('tlsInfo') as Record<string, unknown> | undefined) };
    return verify === true ? 'required' : 'off';
  }

  private webSocket(): object | null {
    const port = portOf(this.given.get('wsPort'));
    if (port === null) return null;
    const tls = this.given.get('wsTLS') === true && { tls: { clientCertificates: this.clientCertificates } };
    return { name: 'hmq-ws', kind: 'websocket', port, ...tls };
  }

  private tlsElsewhere(): object | null {
    const port = portOf(this.given.get('tlsPort'));
    if (port === null || !this.isTlsElsewhere()) return null;
    const tls = { clientCertificates: this.clientCertificates };
    return { name: 'hmq-mqtts', kind: 'mqtt', host: this.given.get('tlsHost'), port, tls };
  }

  private freeHttpPort(): number {
    const taken = ['port', 'wsPort', 'tlsPort'].map((key) => portOf(this.given.get(key)));
    return HTTP_PORTS.find((port) => !taken.includes(port)) ?? 0;
  }
}

const noPort = (): Fate => leftOut('This is no port, and HMQ does not listen there.');

/** HMQ's ports are texts. */
function portOf(value: unknown): number | null {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
