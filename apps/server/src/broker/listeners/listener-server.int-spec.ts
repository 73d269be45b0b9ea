import { existsSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Refusal } from '@perch/broker';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ListenerPlan, TlsPlan } from '../../config/listener-plan.js';
import { type KeyPair, TestAuthority } from '../../testing/certificates.js';
import { scratchFolder } from '../../testing/scratch-folder.js';
import type { Arrival } from './arrivals.js';
import { clientOf, type HttpClient } from './client-of.js';
import { ListenerServer } from './listener-server.js';

let authority: TestAuthority;
let pair: KeyPair;
beforeAll(async () => {
  authority = await TestAuthority.create();
  pair = await authority.issue({ name: 'localhost' });
});

/** A listener whose MQTT clients are told how they came in, then hear their own words; HTTP tells who asks. */
async function open(changes: Partial<ListenerPlan> = {}, { entryTimeoutMs = 5_000 } = {}) {
  const refusals: Refusal[] = [];
  const lines: string[] = [];
  const plan: ListenerPlan = {
    name: 'under-test',
    kind: 'mqtt',
    place: { host: '127.0.0.1', port: 0 },
    tls: null,
    proxyProtocol: false,
    trustedProxies: [],
    allowAnonymous: null,
    maxConnections: null,
    maxPacketBytes: null,
    setting: 'listeners[0].port',
    ...changes,
  };
  const server = new ListenerServer(plan, {
    mqtt: (socket, arrival) => {
      socket.write(`${tell(arrival)}\n`);
      socket.on('error', () => undefined).pipe(socket);
    },
    http: (request, response) => response.end(JSON.stringify(clientOf(request))),
    registry: (_request, response) => response.end('registry'),
    webSocket: (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    entryTimeoutMs,
    maxConnections: 100,
    refused: (refusal) => refusals.push(refusal),
    log: (_level, line) => lines.push(line),
  });
  await server.listen();
  onTestFinished(() => {
    server.stop();
    server.closeConnections();
  });
  return { server, port: server.port!, refusals, lines };
}

const tell = ({ kind, address, port, certificateName }: Arrival) =>
  [kind, address ?? '-', port === null ? '-' : port > 0, certificateName ?? '-'].join(' ');

/** Resolves with what came, once it ends so, or with `ended` behind it when nothing more comes. */
function hear(socket: Socket, lastWords = 'hello'): Promise<string> {
  onTestFinished(() => void socket.destroy());
  return new Promise((resolve) => {
    let heard = '';
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
      if (heard.endsWith(lastWords)) resolve(heard);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(`${heard}ended`));
  });
}

async function talk(where: NetConnectOpts, ...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(where);
  const heard = hear(socket);
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return heard;
}

const atPort = (port: number) => ({ port, host: '127.0.0.1' });

function files({ cert, key }: KeyPair): Pick<TlsPlan, 'cert' | 'key'> {
  const folder = scratchFolder();
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(paths.cert, cert);
  writeFileSync(paths.key, key);
  return paths;
}

function aTlsPlan(changes: Partial<TlsPlan> = {}): TlsPlan {
  const none = { clientCa: null, clientCertificates: 'off', certificateAs: 'nothing' } as const;
  return { ...files(pair), ...none, ...changes };
}

function aClientTlsPlan(clientCertificates: TlsPlan['clientCertificates']): TlsPlan {
  const clientCa = join(scratchFolder(), 'ca.pem');
  writeFileSync(clientCa, authority.pem);
  return aTlsPlan({ clientCa, clientCertificates, certificateAs: 'username' });
}

function talkTls(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem, ...options });
  socket.on('secureConnect', () => socket.write('hello'));
  return hear(socket);
}

test('a TCP client is told apart by its address', async () => {
  const { port } = await open();
  expect(await talk(atPort(port), 'hello')).toBe('tcp 127.0.0.1 true -\nhello');
});

describe('TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    const { port } = await open({ tls: aTlsPlan() });
    expect(await talkTls(port, { minVersion: version, maxVersion: version })).toBe('tls 127.0.0.1 true -\nhello');
  });

  test('nothing older is', async () => {
    const { port } = await open({ tls: aTlsPlan() });
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const;
    expect(await talkTls(port, old)).toBe('ended');
    expect(await talk(atPort(port), 'no TLS at all')).toMatch(/ended$/);
    expect(await talkTls(port)).toBe('tls 127.0.0.1 true -\nhello');
  });

  test('a handshake that is not finished in time is given up', async () => {
    const { port, lines } = await open({ tls: aTlsPlan() }, { entryTimeoutMs: 100 });
    expect(await talk(atPort(port))).toBe('ended');
    expect(lines.join()).toMatch(/The TLS handshake of 127\.0\.0\.1 failed: .*timeout/i);
  });

  test('a certificate that is read again is for those who come, and nobody has to go', async () => {
    const tls = aTlsPlan();
    const { server, port, lines } = await open({ tls });
    const early = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem });
    const heard = hear(early, 'still here');
    await new Promise((resolve) => early.once('secureConnect', resolve));
    const next = await authority.issue({ name: 'the next one' });
    writeFileSync(tls.cert, next.cert);
    writeFileSync(tls.key, next.key);
    expect(server.reloadCertificate()).toBe(true);
    expect(lines.join()).toContain('was read again');
    const late = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem });
    onTestFinished(() => void late.destroy());
    await new Promise((resolve) => late.once('secureConnect', resolve));
    expect(late.getPeerCertificate().subject.CN).toBe('the next one');
    expect(early.getPeerCertificate().subject.CN).toBe('localhost');
    early.write('still here');
    expect(await heard).toBe('tls 127.0.0.1 true -\nstill here');
  });
});

describe('certificates of clients', () => {
  test.each(['optional', 'required'] as const)('%s: the name of one that holds is known', async (mode) => {
    const { port } = await open({ tls: aClientTlsPlan(mode) });
    const client = await authority.issue({ name: 'pump-7' });
    expect(await talkTls(port, { ...client })).toBe('tls 127.0.0.1 true pump-7\nhello');
    const nameless = await authority.issue();
    expect(await talkTls(port, { ...nameless })).toBe('tls 127.0.0.1 true -\nhello');
  });

  test.each([
    ['TLSv1.2', 'at the start'],
    ['TLSv1.2', 'after a change'],
    ['TLSv1.3', 'at the start'],
    ['TLSv1.3', 'after a change'],
  ] as const)('one is asked for every time, also of who comes back (%s, %s)', async (version, when) => {
    const tls = aClientTlsPlan('required');
    const { server, port } = await open({ tls });
    if (when === 'after a change') {
      const { cert, key } = await authority.issue();
      writeFileSync(tls.cert, cert);
      writeFileSync(tls.key, key);
      server.reloadCertificate();
    }
    const client = await authority.issue({ name: 'pump-7' });
    const sessions: Buffer[] = [];
    const first = connectTls({
      ...{ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem, maxVersion: version },
      ...client,
    });
    first.on('session', (session) => sessions.push(session)).on('secureConnect', () => first.write('hello'));
    expect(await hear(first)).toBe('tls 127.0.0.1 true pump-7\nhello');
    const session = sessions.at(-1);
    const options = { ...client, maxVersion: version, session };
    expect(await talkTls(port, options)).toBe('tls 127.0.0.1 true pump-7\nhello');
    expect(await talkTls(port, { maxVersion: version, session })).toBe('ended');
  });

  test('those who have none come in only where it is optional', async () => {
    const [optional, required] = [
      await open({ tls: aClientTlsPlan('optional') }),
      await open({ tls: aClientTlsPlan('required') }),
    ];
    expect(await talkTls(optional.port)).toBe('tls 127.0.0.1 true -\nhello');
    expect(await talkTls(required.port)).toBe('ended');
    expect(required.refusals).toEqual(['not-authorized']);
    expect(required.lines.join()).toContain('The certificate of a client at 127.0.0.1 does not hold: there is none.');
  });

  test.each(['optional', 'required'] as const)('%s: one that does not hold is worse than none', async (mode) => {
    const { port, refusals, lines } = await open({ tls: aClientTlsPlan(mode) });
    const stranger = await (await TestAuthority.create()).issue({ name: 'pump-7' });
    expect(await talkTls(port, { ...stranger })).toBe('ended');
    const past = await authority.issue({ name: 'pump-7', validFrom: new Date(0), validUntil: new Date(86_400_000) });
    expect(await talkTls(port, { ...past })).toBe('ended');
    expect(refusals).toEqual(['not-authorized', 'not-authorized']);
    expect(lines.join()).toContain('does not hold: CERT_SIGNATURE_FAILURE');
  });
});

const V1 = 'PROXY TCP4 192.0.2.7 127.0.0.1 4711 1883\r\n';
const V1_ADDRESS = 'tcp 192.0.2.7 true -\nhello';
const v2 = (hex: string) => Buffer.from(`0d0a0d0a000d0a515549540a${hex.replaceAll(' ', '')}`, 'hex');
const believed = { proxyProtocol: true, trustedProxies: ['127.0.0.0/8'] };

describe('the PROXY protocol', () => {
  test.each([
    ['version 1', V1, V1_ADDRESS],
    ['version 1 over IPv6', 'PROXY TCP6 2001:db8::7 ::1 4711 1883\r\n', 'tcp 2001:db8::7 true -\nhello'],
    ['version 1 of a proxy that does not know', 'PROXY UNKNOWN\r\n', 'tcp 127.0.0.1 true -\nhello'],
    ['version 2', v2('21 11 000c c0000207 7f000001 1267 075b'), V1_ADDRESS],
    ['version 2 with extensions', v2('21 11 0013 c0000207 7f000001 1267 075b 03 0004 00000000'), V1_ADDRESS],
    ['version 2 of a health check', v2('20 00 0000'), 'tcp 127.0.0.1 true -\nhello'],
    ['version 2 for a Unix socket', v2(`21 31 00d8 ${'00'.repeat(216)}`), 'tcp - - -\nhello'],
  ])('%s', async (_name, header, told) => {
    const { port } = await open(believed);
    const bytes = Buffer.from(header);
    const together = Buffer.concat([bytes, Buffer.from('hello')]);
    expect(await talk(atPort(port), together)).toBe(told);
  });

  test('a header that comes byte by byte is put together', async () => {
    const { port } = await open(believed);
    expect(await talk(atPort(port), ...V1.split(''), 'hello')).toBe(V1_ADDRESS);
  });

  test('who begins with anything else is ended, and whatever follows is not looked at', async () => {
    const { port, refusals, lines } = await open(believed);
    expect(await talk(atPort(port), 'hello')).toBe('ended');
    expect(refusals).toEqual(['protocol-error']);
    expect(lines.join()).toContain('it began with no PROXY header');
  });

  test('who ends before the header does is no client', async () => {
    const { port, refusals } = await open(believed);
    const socket = connect(atPort(port));
    const heard = hear(socket);
    socket.end(V1.slice(0, 10));
    expect(await heard).toBe('ended');
    expect(refusals).toEqual(['protocol-error']);
  });

  test('who sends no header in time is ended', async () => {
    const { port, refusals } = await open(believed, { entryTimeoutMs: 50 });
    expect(await talk(atPort(port), 'PROXY ')).toBe('ended');
    expect(refusals).toEqual(['connect-timeout']);
  });

  test('who resets the connection meanwhile leaves nothing behind', async () => {
    const { port, refusals } = await open(believed, { entryTimeoutMs: 50 });
    const socket = connect(atPort(port)).on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(refusals).toEqual([]);
    expect(await talk(atPort(port), V1, 'hello')).toBe(V1_ADDRESS);
  });

  test('who is not trusted is ended, whatever it says', async () => {
    const { port, refusals, lines } = await open({ proxyProtocol: true, trustedProxies: ['10.0.0.0/8'] });
    expect(await talk(atPort(port), V1, 'hello')).toBe('ended');
    expect(refusals).toEqual(['not-authorized']);
    expect(lines).toEqual(['under-test: A connection from 127.0.0.1 was ended: it is no trusted proxy.']);
  });

  test('a listener that does not expect a header takes it for what the client says', async () => {
    const { port } = await open({ trustedProxies: ['127.0.0.1'] });
    expect(await talk(atPort(port), `${V1}hello`)).toBe(`tcp 127.0.0.1 true -\n${V1}hello`);
  });

  test('TLS comes behind it, also with the name in the certificate', async () => {
    const { port } = await open({ ...believed, tls: aClientTlsPlan('required') });
    const below = connect(atPort(port));
    below.write(V1);
    const client = await authority.issue({ name: 'pump-7' });
    const told = 'tls 192.0.2.7 true pump-7\nhello';
    const socket = connectTls({ socket: below, servername: 'localhost', ca: authority.pem, ...client });
    socket.on('secureConnect', () => socket.write('hello'));
    expect(await hear(socket)).toBe(told);
  });
});

describe('a Unix socket', () => {
  const aSocket = (mode = 0o660) => ({ place: { socket: join(scratchFolder(), 'perch.sock'), mode } });
  const local = (place: { socket: string }) => talk({ path: place.socket }, 'hello');

  test('is opened for whom its mode allows, and taken away in the end', async () => {
    const { place } = aSocket(0o600);
    const { server } = await open({ place });
    expect(await local(place)).toBe('unix - - -\nhello');
    expect(statSync(place.socket).mode & 0o777).toBe(0o600);
    server.stop();
    await vi.waitFor(() => expect(existsSync(place.socket)).toBe(false));
  });

  test('that a killed server left behind is replaced', async () => {
    const { place } = aSocket();
    await leaveStaleSocket(place.socket);
    await open({ place });
    expect(await local(place)).toBe('unix - - -\nhello');
  });

  test('that is in use is left alone', async () => {
    const { place } = aSocket();
    await open({ place });
    await expect(open({ place })).rejects.toThrow(`The socket ${place.socket} is in use by another program.`);
    expect(await local(place)).toBe('unix - - -\nhello');
  });

  test('does not take the place of a file', async () => {
    const { place } = aSocket();
    writeFileSync(place.socket, 'somebody needs this');
    await expect(open({ place })).rejects.toThrow(`${place.socket} is there already, and is no socket.`);
    expect(statSync(place.socket).isFile()).toBe(true);
  });

  test('takes a PROXY header from whoever may open it', async () => {
    const { place } = aSocket();
    await open({ place, proxyProtocol: true });
    expect(await talk({ path: place.socket }, V1, 'hello')).toBe('unix 192.0.2.7 true -\nhello');
  });
});

/** A process that is killed does not remove its socket. */
async function leaveStaleSocket(path: string): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(existsSync(path)).toBe(true);
}

test('a listener takes as many connections as it may, and counts those it turned away', async () => {
  const { port, refusals } = await open({ maxConnections: 1 });
  expect(await talk(atPort(port), 'hello')).toMatch(/^tcp/);
  expect(await talk(atPort(port), 'hello')).toBe('ended');
  expect(refusals).toEqual(['server-busy']);
});

describe('HTTP', () => {
  async function ask(port: number, headers: Record<string, string>, isSecure = false): Promise<HttpClient> {
    const request = isSecure ? httpsRequest : httpRequest;
    const body = await new Promise<string>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', headers, ca: authority.pem, servername: 'localhost' };
      const sent = request(options, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(text));
      });
      sent.on('error', reject).end();
    });
    return JSON.parse(body) as HttpClient;
  }

  const http = { kind: 'http' } as const;
  const trusting = { ...http, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] };
  const forwarded = (addresses: string, protocol = 'https') => ({
    'x-forwarded-for': addresses,
    'x-forwarded-proto': protocol,
  });

  test('who says that it speaks for another is not believed without being trusted', async () => {
    const { port } = await open(http);
    expect(await ask(port, forwarded('192.0.2.7'))).toEqual({
      address: '127.0.0.1',
      port: expect.any(Number) as number,
      isSecure: false,
    });
  });

  test.each([
    ['one proxy', '192.0.2.7', '192.0.2.7'],
    ['several that are trusted', '192.0.2.7, 10.1.1.1, 10.2.2.2', '192.0.2.7'],
    ['a client that adds an address itself', '203.0.113.9, 192.0.2.7', '192.0.2.7'],
    ['a client that is in our own network', '10.3.3.3', '10.3.3.3'],
    ['a port behind the address', '192.0.2.7:4711', '192.0.2.7'],
    ['IPv6', '2001:db8::7', '2001:db8::7'],
    ['IPv6 with a port', '[2001:db8::7]:4711', '2001:db8::7'],
    ['what is no address', 'unknown', '127.0.0.1'],
    ['what is no address behind a proxy', 'unknown, 10.1.1.1', '10.1.1.1'],
    ['nothing', '', '127.0.0.1'],
  ])('a proxy that is trusted tells of %s', async (_name, header, address) => {
    const { port } = await open(trusting);
    expect(await ask(port, forwarded(header))).toMatchObject({ address, isSecure: true });
  });

  test('a proxy tells whether its client speaks TLS', async () => {
    const { port } = await open(trusting);
    expect(await ask(port, forwarded('192.0.2.7', 'http'))).toEqual({
      address: '192.0.2.7',
      port: null,
      isSecure: false,
    });
  });

  test('over TLS a request is secure, whatever anybody says', async () => {
    const { port } = await open({ ...trusting, tls: aTlsPlan() });
    expect(await ask(port, forwarded('192.0.2.7', 'http'), true)).toMatchObject({ isSecure: true });
  });

  test('on a Unix socket proxies are trusted', async () => {
    const place = { socket: join(scratchFolder(), 'http.sock'), mode: 0o660 };
    await open({ ...http, place });
    const text = 'GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nConnection: close\r\n\r\n';
    expect(await talkHttp({ path: place.socket }, text)).toContain('"address":"192.0.2.7"');
  });

  test.each([false, true])('comes behind a PROXY header (TLS: %s)', async (isSecure) => {
    const { port } = await open({ ...http, ...believed, tls: isSecure ? aTlsPlan() : null });
    const text = 'GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n';
    if (!isSecure) return expect(await talkHttp(atPort(port), V1 + text)).toContain('"address":"192.0.2.7"');
    const below = connect(atPort(port));
    below.write(V1);
    const socket = connectTls({ socket: below, servername: 'localhost', ca: authority.pem });
    socket.on('secureConnect', () => socket.write(text));
    expect(await hear(socket, 'never')).toContain('"address":"192.0.2.7","port":4711,"isSecure":true');
  });

  test('where only WebSockets are served, other requests are told so', async () => {
    const { port } = await open({ kind: 'websocket' });
    const request = 'GET /api/v1/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await talkHttp(atPort(port), request)).toMatch(/^HTTP\/1\.1 426 .*Only WebSockets here\.\n/s);
    const upgrade = 'GET /mqtt HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await talkHttp(atPort(port), upgrade)).toMatch(/^HTTP\/1\.1 101 /);
  });
});

function talkHttp(where: NetConnectOpts, text: string): Promise<string> {
  const socket = connect(where);
  socket.write(text);
  return hear(socket, 'never');
}
