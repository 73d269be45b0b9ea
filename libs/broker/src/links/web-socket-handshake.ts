import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Why an upgrade is refused, as HTTP says it. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** RFC 6455 1.3 */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const VERSION = '13';
/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const STATUS_TEXT: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  426: 'Upgrade Required',
  503: 'Service Unavailable',
};

/** What is wrong with the opening handshake of a client [RFC 6455 4.2.1], or null. */
export function faultInUpgrade({ method, headers }: IncomingMessage): UpgradeRefusal | null {
  if (method !== 'GET') return { status: 405, reason: 'A WebSocket begins with GET.', headers: { Allow: 'GET' } };
  if (headers.upgrade?.toLowerCase() !== 'websocket') return { status: 400, reason: 'Upgrade to websocket.' };
  if (headers['sec-websocket-version'] !== VERSION) {
    const speak = { Upgrade: 'websocket', 'Sec-WebSocket-Version': VERSION };
    return { status: 426, reason: `Only version ${VERSION} of the protocol is spoken here.`, headers: speak };
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return { status: 400, reason: 'Sec-WebSocket-Key is no key.' };
  return null;
}

/** The subprotocols that a client offers. */
export function offeredSubprotocols({ headers }: IncomingMessage): readonly string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/**
 * The answer that makes a connection a WebSocket, of a client whose handshake has no fault [RFC 6455 4.2.2]. Null: no
 * subprotocol is spoken.
 */
export function upgradeAnswer({ headers }: IncomingMessage, subprotocol: string | null): string {
  const named = subprotocol === null ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
  const accept = hash('sha1', `${headers['sec-websocket-key']}${GUID}`, 'base64');
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n${named}\r\n`
  );
}

/** The path of a request, without its query. */
export function upgradePath({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The first of these subprotocols that the client offers, or why there is none. */
export function chooseSubprotocol(request: IncomingMessage, known: readonly string[]): string | UpgradeRefusal {
  const offered = offeredSubprotocols(request);
  const subprotocol = known.find((name) => offered.includes(name));
  return subprotocol ?? { status: 400, reason: `Ask for the subprotocol ${known.join(' or ')}.` };
}

/** Takes over the socket of an upgrade, with what came behind it. */
export function takeUpgrade(socket: Socket, head: Buffer): void {
  // A peer that goes during its upgrade is no news; the link has an ear of its own.
  socket.on('error', () => undefined);
  if (head.length > 0) socket.unshift(head);
}

/** Answers a client that is not let in, and ends its connection. */
export function refuseUpgrade(socket: Socket, refusal: UpgradeRefusal): void {
  socket.end(refusalAnswer(refusal), () => socket.destroy());
}

/** The answer to a client that is not let in. The connection ends with it. */
export function refusalAnswer({ status, reason, headers }: UpgradeRefusal): string {
  const fields = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(reason)),
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}\r\n${lines.join('')}\r\n${reason}`;
}
