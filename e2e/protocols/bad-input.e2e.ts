import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { Bystanders } from '../support/bystanders.js';
import { Device } from '../support/device.js';
import { allow } from '../support/operator-api.js';
import { connectPacket, RawPeer } from '../support/raw-peer.js';
import { useServer } from '../support/use-server.js';
import { waitFor } from '../support/wait-for.js';

const JOY = { username: 'joy', password: 'joy-password-1' };
const MIB = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3000;
/** On a machine that does much else, too. */
const USUAL_MS = 1000;
const SLOWEST_MS = 15_000;

const MALFORMED = 0x81;
const PROTOCOL_ERROR = 0x82;
const UNSUPPORTED_VERSION = 0x84;
const INVALID_CLIENT_ID = 0x85;
const INVALID_TOPIC = 0x90;
const TOPIC_ALIAS_INVALID = 0x94;
const PACKET_TOO_LARGE = 0x95;

const perch = useServer({ flags: ['--connect-timeout-ms', String(CONNECT_TIMEOUT_MS)] }, async ({ admin }) => {
  await admin.createUser(JOY.username, JOY.password);
  await admin.setRules([allow('joy', 'pubsub', '#')]);
});

let bystanders: Bystanders;
let memoryBefore = 0;

beforeAll(async () => {
  bystanders = await Bystanders.start({ url: perch.server.mqttUrl, topic: 'bystanders', ...JOY });
  await bystanders.goOn();
  memoryBefore = await perch.server.memoryBytes();
});

afterAll(async () => {
  await bystanders.goOn();
  const outcome = await bystanders.stop();
  expect(outcome).toMatchObject({ failure: null, inOrder: true });
  expect(outcome.received).toBe(outcome.sent);
  expect(outcome.usualMs).toBeLessThan(USUAL_MS);
  expect(outcome.slowestMs).toBeLessThan(SLOWEST_MS);
  expect((await perch.server.memoryBytes()) - memoryBefore).toBeLessThan(200 * MIB);
});

/** The count of refusals must have risen by this many, and the bystanders must go on. */
async function counts(increase: number, misdeed: () => Promise<void>): Promise<void> {
  const before = await perch.admin.refused();
  await misdeed();
  await waitFor(async () => (await perch.admin.refused()) >= before + increase, { what: 'the refusal to be counted' });
  expect(await perch.admin.refused()).toBe(before + increase);
  await bystanders.goOn();
}

/** How many were closed because they did not say in time who they are. */
async function lateConnects(): Promise<number> {
  const { refusals } = await perch.admin.get<{ refusals: Record<string, number> }>('/stats');
  return refusals['connect-timeout'] ?? 0;
}

let names = 0;
const aName = () => `bad-${++names}`;

describe('a client that was let in and then breaks a rule is told why and closed', () => {
  const cases = [
    ['a packet of the reserved type 0', '00 00', MALFORMED],
    ['a packet that only servers send', '20 03 00 00 00', PROTOCOL_ERROR],
    ['a PUBLISH of QoS 3', '36 08 0001 61 0001 00 78 78', MALFORMED],
    ['a PUBLISH of QoS 0 with DUP', '38 05 0001 61 00 78', MALFORMED],
    ['a PUBLISH of QoS 1 with packet id 0', '32 07 0001 61 0000 00 78', MALFORMED],
    ['a PUBLISH to a topic with #', '30 07 0003 612f23 00 78', INVALID_TOPIC],
    ['a PUBLISH to a topic with +', '30 07 0003 2b2f61 00 78', INVALID_TOPIC],
    ['a PUBLISH whose topic is not UTF-8', '30 06 0002 c328 00 78', MALFORMED],
    ['a PUBLISH whose topic holds a surrogate', '30 07 0003 eda080 00 78', MALFORMED],
    ['a PUBLISH whose topic holds NUL', '30 07 0003 610062 00 78', MALFORMED],
    ['a PUBLISH whose topic is longer than the packet', '30 05 00ff 61 00 78', MALFORMED],
    ['a PUBLISH without topic and alias', '30 04 0000 00 78', PROTOCOL_ERROR],
    ['a PUBLISH with the topic alias 0', '30 08 0001 61 03 230000 78', TOPIC_ALIAS_INVALID],
    ['a PUBLISH with a topic alias beyond what the server takes', '30 08 0001 61 03 23ffff 78', TOPIC_ALIAS_INVALID],
    ['a PUBLISH with a topic alias that was never given a topic', '30 07 0000 03 230001 78', PROTOCOL_ERROR],
    ['a PUBLISH with an unknown property', '30 07 0001 61 02 7f00 78', MALFORMED],
    ['a SUBSCRIBE without filters', '82 03 0001 00', PROTOCOL_ERROR],
    ['a SUBSCRIBE with wrong flags', '80 07 0001 00 0001 61 00', MALFORMED],
    ['a SUBSCRIBE of QoS 3', '82 07 0001 00 0001 61 03', PROTOCOL_ERROR],
    ['an UNSUBSCRIBE without filters', 'a2 03 0001 00', PROTOCOL_ERROR],
    ['a PUBREL with wrong flags', '60 02 0001', MALFORMED],
    ['a remaining length of five bytes', '30 ff ff ff ff 7f', MALFORMED],
    ['a remaining length of 268 MB, the most there can be', '30 ff ff ff 7f', PACKET_TOO_LARGE],
    ['a remaining length of 2 MB', '30 80 80 80 01', PACKET_TOO_LARGE],
    ['an AUTH without an authentication method', 'f0 00', PROTOCOL_ERROR],
  ] as const;

  test.each(cases)('%s', async (_name, hex, reason) => {
    await counts(1, async () => {
      const peer = await RawPeer.open(perch.server.mqttPort);
      await peer.letIn(aName(), JOY);
      peer.sendHex(hex);
      expect(await peer.closed()).toBe(reason);
    });
  });

  test('a second CONNECT [MQTT5-3.1.0-2]', async () => {
    await counts(1, async () => {
      const clientId = aName();
      const peer = await RawPeer.open(perch.server.mqttPort);
      await peer.letIn(clientId, JOY);
      peer.send(connectPacket(5, { clientId, ...JOY }));
      expect(await peer.closed()).toBe(PROTOCOL_ERROR);
    });
  });

  test('what follows a broken packet is not read', async () => {
    const watcher = await Device.connect(perch.server.mqttUrl, { clientId: aName(), ...JOY });
    await watcher.subscribe('follows', 1);
    const peer = await RawPeer.open(perch.server.mqttPort);
    await peer.letIn(aName(), JOY);
    peer.sendHex(`00 00 30 ${(12).toString(16).padStart(2, '0')} 0007 666f6c6c6f7773 00 7878`);
    await peer.closed();
    await watcher.publish('follows', 'end', { qos: 1 });
    await watcher.message('end');
    expect(watcher.texts('follows')).toEqual(['end']);
  });
});

describe('who is not let in', () => {
  const hexOf = (text: string) => Buffer.from(text).toString('hex');
  const cases: readonly (readonly [name: string, hex: string, reason: number | null])[] = [
    ['a packet before the CONNECT', 'c0 00', null],
    ['an HTTP request', hexOf('GET / HTTP/1.1\r\nHost: perch\r\n\r\n'), null],
    ['a TLS hello', '16 03 01 02 00 01 00 01 fc 03 03', null],
    ['a CONNECT of 268 MB', '10 ff ff ff 7f', null],
    ['a CONNECT with the reserved flag', '10 10 0004 4d515454 05 03 003c 00 0003 616263', null],
    ['a CONNECT of another protocol', '10 0f 0004 4d515458 05 02 003c 00 0002 6162', null],
    ['a CONNECT whose client id is not UTF-8', '10 0f 0004 4d515454 05 02 003c 00 0002 c328', null],
    ['a CONNECT of MQTT 7', '10 0f 0004 4d515454 07 02 003c 00 0002 6162', UNSUPPORTED_VERSION],
  ];

  test.each(cases)('%s', async (_name, hex, reason) => {
    await counts(1, async () => {
      const peer = await RawPeer.open(perch.server.mqttPort);
      const late = await lateConnects();
      peer.sendHex(hex);
      const told = await peer.closed();
      if (reason !== null) expect(told).toBe(reason);
      expect(await lateConnects()).toBe(late); // it was not for its silence
    });
  });

  test.each([
    [5, INVALID_CLIENT_ID],
    [4, 2],
  ] as const)('an id of 65,535 bytes (protocol level %i)', async (version, reason) => {
    await counts(1, async () => {
      const peer = await RawPeer.open(perch.server.mqttPort, version);
      peer.send(connectPacket(version, { clientId: 'x'.repeat(65_535), ...JOY }));
      expect(await peer.closed()).toBe(reason);
    });
  });

  test('random bytes', async () => {
    const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.open(perch.server.mqttPort)));
    for (const peer of peers) peer.sendBytes(randomBytes(200));
    for (const peer of peers) await peer.closed();
    await bystanders.goOn();
  });
});

describe('the shape of the byte stream does not matter', () => {
  test('a whole conversation in writes of one byte [MQTT-7.1.1-1] [MQTT5-4.2-1]', async () => {
    const receiver = await Device.connect(perch.server.mqttUrl, { clientId: aName(), ...JOY });
    await receiver.subscribe('bytewise', 1);
    const peer = await RawPeer.open(perch.server.mqttPort);
    const say = (bytes: Buffer) => {
      for (const byte of bytes) peer.sendBytes(Buffer.from([byte]));
    };
    const connect = await packetBytes(connectPacket(5, { clientId: aName(), ...JOY }));
    say(connect);
    await peer.packet('connack');
    say(
      await packetBytes({
        cmd: 'publish',
        topic: 'bytewise',
        payload: 'slow',
        qos: 1,
        messageId: 1,
        dup: false,
        retain: false,
      }),
    );
    expect(await peer.packet('puback')).toMatchObject({ messageId: 1 });
    await receiver.message('slow');
  });

  test('many packets in one write', async () => {
    const receiver = await Device.connect(perch.server.mqttUrl, { clientId: aName(), ...JOY });
    await receiver.subscribe('bulk', 0);
    const peer = await RawPeer.open(perch.server.mqttPort);
    await peer.letIn(aName(), JOY);
    const packets = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        packetBytes({ cmd: 'publish', topic: 'bulk', payload: String(index), qos: 0, dup: false, retain: false }),
      ),
    );
    peer.sendBytes(Buffer.concat(packets));
    await receiver.message('499');
    expect(receiver.texts('bulk')).toEqual(packets.map((_, index) => String(index)));
  });

  test('half a packet, and then the link breaks', async () => {
    const clientId = aName();
    const peer = await RawPeer.open(perch.server.mqttPort);
    await peer.letIn(clientId, JOY);
    peer.sendHex('30 7f 0003 6162');
    await bystanders.goOn();
    expect(await perch.admin.client(clientId)).toMatchObject({ online: true });
    peer.destroy();
    const gone = async () => (await perch.admin.client(clientId))?.online === false;
    await waitFor(gone, { what: 'the half one to be offline' });
    expect(await perch.admin.client(clientId)).toMatchObject({ reason: 'connection-lost' });
    await bystanders.goOn();
  });

  test('announced bytes cost no memory', async () => {
    const before = await perch.server.memoryBytes();
    const peers = await Promise.all(
      Array.from({ length: 200 }, async () => (await RawPeer.open(perch.server.mqttPort)).letIn(aName(), JOY)),
    );
    for (const peer of peers) peer.sendHex('30 f0 ff 3f 0003'); // almost 1 MiB each, of which two bytes come
    await bystanders.goOn(20);
    expect((await perch.server.memoryBytes()) - before).toBeLessThan(100 * MIB);
    expect(peers.every(({ isClosed }) => !isClosed)).toBe(true);
  });
});

describe('floods', () => {
  test('500 connections without data are closed in time, and counted', async () => {
    await counts(500, async () => {
      const startedAt = performance.now();
      const peers = await Promise.all(Array.from({ length: 500 }, () => RawPeer.open(perch.server.mqttPort)));
      await bystanders.goOn(20);
      for (const peer of peers) await peer.closed(3 * CONNECT_TIMEOUT_MS);
      expect(performance.now() - startedAt).toBeGreaterThan(CONNECT_TIMEOUT_MS - 1000);
    });
  });

  test('200 connections with half a CONNECT are closed in time, and counted', async () => {
    await counts(200, async () => {
      const peers = await Promise.all(Array.from({ length: 200 }, () => RawPeer.open(perch.server.mqttPort)));
      for (const peer of peers) peer.sendHex('10 7f 0004 4d51');
      await bystanders.goOn(20);
      for (const peer of peers) await peer.closed(3 * CONNECT_TIMEOUT_MS);
    });
  });

  test('300 connections that come and go', async () => {
    for (let round = 0; round < 3; round++) {
      const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.open(perch.server.mqttPort)));
      for (const peer of peers) peer.destroy();
    }
    await bystanders.goOn();
  });
});

describe('the HTTP port', () => {
  /** What a peer gets that writes bytes to the HTTP port. Resolves when the server has closed. */
  async function answerTo(bytes: string | Buffer): Promise<string> {
    const socket = connectTcp(perch.server.httpPort, '127.0.0.1');
    const chunks: Buffer[] = [];
    let isClosed = false;
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => (isClosed = true));
    socket.write(bytes);
    await waitFor(() => isClosed, { what: 'the HTTP port to close the connection' });
    return Buffer.concat(chunks).toString('latin1');
  }

  const upgrade = (path: string, ...lines: string[]) =>
    ['GET ' + path + ' HTTP/1.1', 'Host: perch', 'Connection: Upgrade', 'Upgrade: websocket', ...lines, '', ''].join(
      '\r\n',
    );

  test('bytes that are no HTTP', async () => {
    expect(await answerTo(randomBytes(500))).toMatch(/^(HTTP\/1\.1 400 .*)?/);
    expect(await answerTo(Buffer.from('10 0f 00 04 4d 51 54 54'.replace(/ /g, ''), 'hex'))).toMatch(/^HTTP\/1\.1 400 /);
    await bystanders.goOn();
  });

  test.each(['/mqtt', '/ws', '/broker', '/flight/ws'])('a WebSocket handshake at %s that is none', async (path) => {
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    expect(await answerTo(upgrade(path))).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await answerTo(upgrade(path, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: short'))).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(await answerTo(upgrade(path, 'Sec-WebSocket-Version: 99', key))).toMatch(/^HTTP\/1\.1 4\d\d /);
    await bystanders.goOn();
  });

  test('/mqtt wants a subprotocol [MQTT-6.0.0-3]', async () => {
    const lines = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    expect(await answerTo(upgrade('/mqtt', ...lines))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a WebSocket where there is none', async () => {
    const lines = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    expect(await answerTo(upgrade('/elsewhere', ...lines))).toMatch(/^(HTTP\/1\.1 4\d\d )?/);
    await bystanders.goOn();
  });

  test('headers of a megabyte', async () => {
    expect(await answerTo(`GET / HTTP/1.1\r\nHost: perch\r\nX: ${'x'.repeat(MIB)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test.each([
    ['/mqtt', 'perch.json'],
    ['/mqtt', 'soap'],
    ['/ws', 'soap'],
  ])('%s refuses the subprotocol %s', async (path, protocol) => {
    await expect(aWebSocket(path, protocol)).rejects.toThrow('400');
    await bystanders.goOn();
  });

  test.each([
    ['/mqtt', 'mqtt'],
    ['/ws', 'perch.json'],
  ])('%s closes a WebSocket that sends a frame of 300 MB', async (path, protocol) => {
    const { socket, closed } = await aWebSocket(path, protocol);
    const before = await perch.server.memoryBytes();
    // Only the header of the frame: FIN, binary or text, masked, 64 bits of length.
    const header = Buffer.alloc(14);
    header[0] = protocol === 'mqtt' ? 0x82 : 0x81;
    header[1] = 0xff;
    header.writeBigUInt64BE(BigInt(300 * MIB), 2);
    tcpOf(socket).write(header);
    expect([1009, 4413]).toContain(await closed());
    expect((await perch.server.memoryBytes()) - before).toBeLessThan(50 * MIB);
    await bystanders.goOn();
  });

  test.each([
    // MQTT is read as it comes: what the fragments carry is no CONNECT.
    ['/mqtt', 'mqtt', [1000]],
    ['/ws', 'perch.json', [1009, 4413]],
  ])('%s closes a WebSocket whose fragments never end', async (path, protocol, codes) => {
    const { socket, closed } = await aWebSocket(path, protocol);
    const chunk = protocol === 'mqtt' ? Buffer.alloc(64 * 1024) : 'x'.repeat(64 * 1024);
    for (let index = 0; index < 40; index++) socket.send(chunk, { fin: false }, () => undefined);
    expect(codes).toContain(await closed());
    await bystanders.goOn();
  });

  test.each([
    ['/mqtt', 'mqtt'],
    ['/ws', 'perch.json'],
  ])('%s closes a WebSocket whose frames are not masked', async (path, protocol) => {
    const { socket, closed } = await aWebSocket(path, protocol);
    tcpOf(socket).write(Buffer.from(protocol === 'mqtt' ? '8202c000' : '81027b7d', 'hex'));
    expect(await closed()).toBe(1002);
    await bystanders.goOn();
  });

  test('/mqtt closes a WebSocket that sends text, and /ws one that sends binary [MQTT-6.0.0-1] [MQTT5-6.0.0-1]', async () => {
    const mqtt = await aWebSocket('/mqtt', 'mqtt');
    mqtt.socket.send('hello');
    expect(await mqtt.closed()).toBe(1003);
    const json = await aWebSocket('/ws', 'perch.json');
    json.socket.send(Buffer.from('{"type":"ping"}'));
    expect(await json.closed()).toBe(1003);
  });

  test('/ws answers what it cannot read, and closes who speaks something else', async () => {
    await counts(2, async () => {
      const wrong = await aWebSocket('/ws', 'perch.json');
      wrong.socket.send('{"type":"subscribe","id":7,"filters":"not a list"}');
      await waitFor(() => wrong.frames.some((frame) => frame.includes('"ok":false')), { what: 'a refusal' });
      expect(wrong.socket.readyState).toBe(WebSocket.OPEN);
      const foreign = await aWebSocket('/ws', 'perch.json');
      foreign.socket.send('CONNECT\naccept-version:1.2\n\n');
      expect(await foreign.closed()).toBe(4400);
    });
  });

  test('WebSockets that do not bind or connect are closed in time', async () => {
    const sockets = await Promise.all([
      ...Array.from({ length: 50 }, () => aWebSocket('/ws', 'perch.json')),
      ...Array.from({ length: 50 }, () => aWebSocket('/mqtt', 'mqtt')),
    ]);
    await bystanders.goOn(20);
    for (const { closed } of sockets) await closed();
  });

  test.each([
    ['no JSON', '{"name":'],
    ['JSON nested a hundred thousand deep', '['.repeat(100_000)],
    ['a body of 20 MB', JSON.stringify({ name: 'x'.repeat(20 * MIB) })],
    ['a body that is no object', '"text"'],
    ['a prototype in the body', '{"__proto__":{"role":"admin"},"name":1}'],
  ])('a log-in with %s', async (_name, body) => {
    const { status } = await fetch(`${perch.server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([400, 413, 422]).toContain(status);
    await bystanders.goOn();
  });

  test('paths that try to leave', async () => {
    for (const path of [
      '/../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/..%2f..%2f..%2f..%2fpackage.json',
      '/%00',
      '/%ff',
    ]) {
      const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: perch\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400|403|404) /);
      expect(answer).not.toMatch(/root:|"workspaces"/);
    }
  });
});

async function packetBytes(packet: import('mqtt-packet').Packet): Promise<Buffer> {
  const { default: mqttPacket } = await import('mqtt-packet');
  return mqttPacket.generate(packet, { protocolVersion: 5 });
}

/** A WebSocket that is open, and what it is told. Rejects with what the server answered instead. */
async function aWebSocket(path: string, protocol: string, options: ClientOptions = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${perch.server.httpPort}${path}`, [protocol], options);
  const frames: string[] = [];
  let code: number | null = null;
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  socket.on('close', (closeCode) => (code = closeCode));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return { socket, frames, closed: () => waitFor(() => code, { what: 'the WebSocket to be closed' }) };
}

/** The TCP socket below, to write what `ws` never would. */
function tcpOf(socket: WebSocket): NodeJS.WritableStream {
  return (socket as unknown as { _socket: NodeJS.WritableStream })._socket;
}
