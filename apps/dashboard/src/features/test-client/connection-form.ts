import type { ServerInfo } from '../../shared/api/generated/types.gen.js';
import { randomHex } from '../../shared/random-hex.js';
import type { LinkProtocol, LinkTarget } from './link.js';

/** A connection as it is being filled in. The password is here, in memory, and nowhere else. */
export interface ConnectionForm {
  readonly protocol: LinkProtocol;
  /** One of the doors; the page's own where it is not there. */
  readonly door: string;
  readonly clientId: string;
  /** Empty for an anonymous client. */
  readonly username: string;
  readonly password: string;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly sessionExpirySeconds: number;
}

/** Where a browser can connect. */
export interface Door {
  readonly key: string;
  readonly label: string;
  readonly url: string;
}

/** The form of a new connection. */
export function newConnectionForm(): ConnectionForm {
  return {
    protocol: 'mqtt5',
    door: '',
    clientId: `perch-test-${randomHex(4)}`,
    username: '',
    password: '',
    cleanStart: true,
    keepAliveSeconds: 60,
    sessionExpirySeconds: 0,
  };
}

/** The WebSocket doors of this server for a protocol: the page's own first, then those at other ports that the page may use. */
export function doorsOf(protocol: LinkProtocol, { listeners }: Pick<ServerInfo, 'listeners'>): readonly Door[] {
  const kind = protocol === 'json' ? 'json-ws' : 'mqtt-ws';
  const usualPath = protocol === 'json' ? '/ws' : '/mqtt';
  const isSecurePage = location.protocol === 'https:';
  const ofKind = listeners.filter((listener) => listener.kind === kind);
  const own = `${isSecurePage ? 'wss' : 'ws'}://${location.host}${ofKind[0]?.path ?? usualPath}`;
  // A page that came over TLS may not open a socket without.
  const others = ofKind.filter(({ port, secure }) => port !== null && (secure || !isSecurePage));
  const urls = [
    own,
    ...others.map(
      ({ secure, port, path }) => `${secure ? 'wss' : 'ws'}://${location.hostname}:${port}${path ?? usualPath}`,
    ),
  ];
  return [...new Set(urls)].map((url) => ({ key: url, label: url, url }));
}

/** What the form asks for. */
export function targetOf(form: ConnectionForm, doors: readonly Door[]): LinkTarget {
  const door = doors.find(({ key }) => key === form.door) ?? doors[0];
  const { protocol, username, password } = form;
  return {
    ...form,
    // The operator's cookie would make the page's own JSON connection the operator's.
    url: `${door?.url ?? ''}${protocol === 'json' ? '?as=client' : ''}`,
    clientId: form.clientId.trim(),
    login: username === '' ? null : { username, password },
  };
}
