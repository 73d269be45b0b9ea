import type { Server, Socket } from 'node:net';
import { Server as TlsServer, type TLSSocket } from 'node:tls';
import { gate } from './gate.js';
import { type ProxiedSource, readProxyHeader } from './proxy-protocol.js';

/** What a gate for the PROXY protocol goes by. */
export interface ProxyGateOptions {
  readonly trusts: (address: string | null) => boolean;
  /** How long the header may take. */
  readonly timeoutMs: number;
  /** A connection was ended, and why. */
  readonly refused: (reason: ProxyRefusal, address: string | null) => void;
}

/** Why a connection was not let through. */
export type ProxyRefusal = 'untrusted' | 'no-header' | 'timeout';

/**
 * Lets connections in only from trusted proxies and only behind a header of the PROXY protocol. From then on their
 * sockets name the client's address and port; the address is empty where the proxy says that there is none.
 */
export function expectProxyHeader(server: Server, options: ProxyGateOptions): void {
  if (server instanceof TlsServer) gate<TLSSocket>(server, 'secureConnection', nameAsBelow);
  gate(server, 'connection', (socket, admit) => {
    const address = socket.remoteAddress ?? null;
    if (options.trusts(address)) return readHeader(socket, options, admit);
    socket.destroy();
    options.refused('untrusted', address);
  });
}

function readHeader(socket: Socket, options: ProxyGateOptions, admit: () => void): void {
  let bytes = Buffer.alloc(0);
  const proxy = socket.remoteAddress ?? null;
  const finish = () => {
    clearTimeout(timer);
    socket.off('readable', read).off('end', refuse).off('error', finish).off('close', finish);
  };
  const refuse = (reason: ProxyRefusal = 'no-header') => {
    finish();
    socket.on('error', () => undefined).destroy();
    options.refused(reason, proxy);
  };
  const timer = setTimeout(refuse, options.timeoutMs, 'timeout');
  const read = () => {
    for (let chunk = nextChunk(socket); chunk !== null; chunk = nextChunk(socket))
      bytes = Buffer.concat([bytes, chunk]);
    const header = readProxyHeader(bytes);
    if (header === 'incomplete') return;
    if (header === 'invalid') return refuse();
    finish();
    if (header.length < bytes.length) socket.unshift(bytes.subarray(header.length));
    if (header.source) name(socket, header.source);
    admit();
  };
  socket.on('readable', read).on('end', refuse).on('error', finish).on('close', finish);
}

function nextChunk(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}

function name(socket: Socket, { address, port }: ProxiedSource): void {
  Object.defineProperties(socket, {
    remoteAddress: { value: address ?? '' },
    remotePort: { value: port ?? undefined },
  });
}

/**
 * A TLS socket asks the system for its peer, which is the proxy. Node has no public way from it to the socket below,
 * but has kept it under this name since 0.11; without it nobody is let in.
 */
function nameAsBelow(socket: TLSSocket, admit: () => void): void {
  const { _parent: below } = socket as TLSSocket & { readonly _parent?: Socket };
  if (!below) return void socket.destroy(new Error('The socket below TLS is not to be found.'));
  Object.defineProperties(socket, {
    remoteAddress: { value: below.remoteAddress },
    remotePort: { value: below.remotePort },
  });
  admit();
}
