import { FLOCK_PATH, FLYWHEEL_PATH } from '../config/door-paths.js';
import type { Directive } from './mosquitto-conf.js';
import type { TranslatedLine } from './translation.js';

/** A listener as it is collected. */
export interface ListenerDraft {
  readonly name: string;
  kind: 'mqtt' | 'websocket';
  host?: string;
  port?: number;
  socket?: string;
  allowAnonymous?: boolean;
  maxConnections?: number;
  tls: { cert?: string; key?: string; clientCa?: string; clientCertificates?: 'required'; certificateAs?: 'username' };
}

type Fate = Pick<TranslatedLine, 'fate' | 'says'>;
type Put = (listener: ListenerDraft, value: string) => Fate;

const kept = (says: string): Fate => ({ fate: 'kept', says });
const leftOut = (says: string): Fate => ({ fate: 'left-out', says });
const isTrue = (value: string) => value.toLowerCase() === 'true';

/** Directives that belong to the listener that was named last. */
const listenerKeys: Readonly<Record<string, Put>> = {
  bind_address: (listener, value) => {
    listener.host = value;
    return kept(`host of ${listener.name}.`);
  },
  protocol: (listener, value) => {
    if (value !== 'websockets') return kept(`${listener.name} speaks MQTT.`);
    listener.kind = 'websocket';
    return kept(`${listener.name} speaks MQTT over WebSocket, at any path but ${FLYWHEEL_PATH} and ${FLOCK_PATH}.`);
  },
  max_connections: (listener, value) => {
    const most = Number(value);
    if (!(most > 0)) return kept('As many as maxConnections.');
    listener.maxConnections = Math.min(most, 1_000_000);
    return kept(`maxConnections of ${listener.name}.`);
  },
  certfile: (listener, value) => {
    listener.tls.cert = value;
    return kept(`tls.cert of ${listener.name}.`);
  },
  keyfile: (listener, value) => {
    listener.tls.key = value;
    return kept(`tls.key of ${listener.name}.`);
  },
  cafile: (listener, value) => {
    listener.tls.clientCa = value;
    return kept(`tls.clientCa of ${listener.name}.`);
  },
  require_certificate: (listener, value) => {
    if (!isTrue(value)) return kept('As by default.');
    listener.tls.clientCertificates = 'required';
    return kept(`tls.clientCertificates of ${listener.name}.`);
  },
  use_identity_as_username: (listener, value) => {
    if (!isTrue(value)) return kept('As by default.');
    listener.tls.certificateAs = 'username';
    return kept(`tls.certificateAs of ${listener.name}.`);
  },
  capath: () => leftOut('Put the certificates of the folder into one file and give it as tls.clientCa.'),
  crlfile: () => leftOut('Lists of revoked certificates are not read: ban the user or client id instead.'),
  dhparamfile: () => kept('Not needed: Node chooses.'),
  ciphers: () => leftOut('The ciphers are those of Node.'),
  'ciphers_tls1.3': () => leftOut('The ciphers are those of Node.'),
  tls_version: (_, value) => (value === 'tlsv1.3' ? leftOut('TLS 1.2 and 1.3 are spoken.') : kept('TLS 1.2 and 1.3.')),
  use_subject_as_username: () => leftOut('Only the name (CN) of a certificate can be the user name.'),
  psk_hint: () => leftOut('Pre-shared keys are not spoken: use certificates or passwords.'),
  mount_point: () =>
    leftOut('Topics are not moved: clients of this listener see all of the topic space that rules allow.'),
  http_dir: () => leftOut('Files are not served, the dashboard is.'),
  bind_interface: () => leftOut('Give the address of the interface as host.'),
  socket_domain: () => kept('By the address.'),
};

/** The listeners of a mosquitto.conf, directive by directive. */
export class MosquittoListeners {
  private readonly all: ListenerDraft[] = [];
  /** What stands before any `listener` is about the one at 1883. */
  private readonly usual: ListenerDraft = { name: 'mqtt-1883', kind: 'mqtt', port: 1883, tls: {} };
  private isUsualAsked = false;

  /** Null for a directive that is not about listeners. */
  take({ key, value }: Directive): Fate | null {
    if (key === 'listener') return this.begin(value);
    if (key === 'port') {
      this.usual.port = Number(value);
      this.isUsualAsked = true;
      return kept('The port of MQTT.');
    }
    const put = listenerKeys[key];
    if (!put) return null;
    if (this.all.length === 0) this.isUsualAsked = true;
    return put(this.all.at(-1) ?? this.usual, value);
  }

  /** `allow_anonymous` is of a listener where the file says so. */
  setAnonymous(isAllowed: boolean): void {
    (this.all.at(-1) ?? this.usual).allowAnonymous = isAllowed;
  }

  /** Without any, Mosquitto listens on this machine alone. */
  get drafts(): readonly ListenerDraft[] {
    const usual = this.isUsualAsked || this.all.length === 0 ? [this.usual] : [];
    if (this.all.length === 0 && !this.isUsualAsked) this.usual.host = '127.0.0.1';
    return [...usual, ...this.all];
  }

  private begin(value: string): Fate {
    const [port = '', place] = value.split(/\s+/);
    const isSocket = port === '0' && place !== undefined;
    const name = isSocket ? `mqtt-socket-${this.all.length + 1}` : `mqtt-${port}`;
    const where = isSocket
      ? { socket: place }
      : { port: Number(port), ...(place === undefined ? {} : { host: place }) };
    this.all.push({ name, kind: 'mqtt', ...where, tls: {} });
    return kept(`A listener of the name ${name}.`);
  }
}
