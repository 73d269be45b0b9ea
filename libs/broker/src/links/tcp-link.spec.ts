import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { LinkHandler } from '../link.js';
import { SystemClock } from '../system-clock.js';
import { TcpLink } from './tcp-link.js';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  servers.splice(0).forEach((server) => server.close());
});

/** Writes down what a link tells. */
class Witness implements LinkHandler {
  readonly received: LinkHandler['received'] = (bytes) => void this.chunks.push(Buffer.from(bytes));
  readonly chunks: Buffer[] = [];
  readonly events: string[] = [];

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  drained(): void {
    this.events.push('drained');
  }

  broken(): void {
    this.events.push('broken');
  }

  ended(): void {
    this.events.push('ended');
  }

  closed(error: Error | null): void {
    this.events.push(error ? `closed: ${(error as NodeJS.ErrnoException).code}` : 'closed');
  }
}

/** A link over a real socket, its handler, and the socket at the other end. */
async function aLink(witness = new Witness()) {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  peer.on('error', () => undefined);
  const socket = await accepted;
  sockets.push(peer, socket);
  const link = new TcpLink(socket, { kind: 'tcp', clock: new SystemClock() });
  link.open(witness);
  return { link, witness, peer, socket };
}

const heardBy = (peer: Socket): Buffer[] => {
  const chunks: Buffer[] = [];
  peer.on('data', (bytes: Buffer) => chunks.push(bytes));
  return chunks;
};

test('a peer that sends no more still gets its answers', async () => {
  const { link, witness, peer } = await aLink();
  const heard = heardBy(peer);
  peer.end('the last words');
  await vi.waitFor(() => expect(witness.events).toEqual(['ended']));
  expect(witness.text).toBe('the last words');
  link.send([Buffer.from('the '), Buffer.from('answer')]);
  link.end();
  await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toBe('the answer'));
  await vi.waitFor(() => expect(witness.events).toEqual(['ended', 'closed']));
});

test('what it has carried is what its socket counted', async () => {
  const { link, witness, peer } = await aLink();
  const heard = heardBy(peer);
  expect(link.traffic).toEqual({ bytesIn: 0, bytesOut: 0 });
  peer.write('twelve bytes');
  await vi.waitFor(() => expect(witness.text).toBe('twelve bytes'));
  link.send([Buffer.from('the '), Buffer.from('answer')]);
  await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toBe('the answer'));
  expect(link.traffic).toEqual({ bytesIn: 12, bytesOut: 10 });
});

test('that a peer sends no more is noticed also while paused', async () => {
  const { link, witness, peer } = await aLink();
  link.pause();
  peer.end();
  await vi.waitFor(() => expect(witness.events).toEqual(['ended']));
  expect(witness.chunks).toEqual([]);
});

test('that a peer is gone is noticed also while paused', async () => {
  const { link, witness, peer } = await aLink();
  link.pause();
  peer.resetAndDestroy();
  await vi.waitFor(() => expect(witness.events).toEqual(['closed: ECONNRESET']));
});

test('what came while paused is handed over when it goes on, before the end is told', async () => {
  const { link, witness, peer, socket } = await aLink();
  link.pause();
  peer.end('while you were away');
  await vi.waitFor(() => expect(socket.isPaused()).toBe(true));
  expect(witness.events).toEqual([]);
  expect(witness.text).toBe('');
  link.resume();
  expect(witness.text).toBe('while you were away');
  expect(witness.events).toEqual(['ended']);
});

test('a handler that pauses again at every chunk gets all of them in order', async () => {
  const witness = new Witness();
  const { link, peer } = await aLink(witness);
  const sent = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
  Object.assign(witness, {
    received: (bytes: Buffer) => {
      witness.chunks.push(Buffer.from(bytes));
      link.pause();
      setImmediate(() => link.resume());
    },
  });
  peer.end(sent);
  await vi.waitFor(() => expect(witness.events).toEqual(['ended']), { timeout: 5_000 });
  expect(Buffer.concat(witness.chunks).equals(sent)).toBe(true);
});

test('a peer is slowed down by a link that stays paused, and what is held for it is bounded', async () => {
  const { link, peer, socket } = await aLink();
  link.pause();
  let accepted = 0;
  const piece = Buffer.alloc(64 * 1024);
  const pump = () => {
    while (peer.write(piece, () => (accepted += piece.length)));
  };
  peer.on('drain', pump);
  pump();
  const settled = async () => {
    const before = accepted;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return accepted > 0 && accepted === before;
  };
  await vi.waitFor(async () => expect(await settled()).toBe(true), { timeout: 5_000 });
  expect(socket.bytesRead).toBeLessThan(512 * 1024);
});

test('a link tells that it is full, and when it has room again', async () => {
  const { link, witness, peer } = await aLink();
  peer.pause();
  const piece = Buffer.alloc(1024 * 1024);
  let pieces = 0;
  while (link.send([piece])) expect(++pieces).toBeLessThan(64);
  expect(witness.events).toEqual([]);
  peer.resume();
  await vi.waitFor(() => expect(witness.events).toEqual(['drained']));
});

test('a link that was ended takes nothing more, and is closed even where the peer stays', async () => {
  const { link, witness, peer } = await aLink();
  const heard = heardBy(peer);
  link.send([Buffer.from('bye')]);
  link.end();
  link.send([Buffer.from('too late')]);
  peer.write('so what');
  await vi.waitFor(() => expect(witness.events).toEqual(['closed']), { timeout: 4_000 });
  expect(Buffer.concat(heard).toString()).toBe('bye');
  expect(witness.text).toBe('');
});

test('a handler that does not care about the end has its link ended', async () => {
  const witness = new Witness();
  Object.assign(witness, { ended: undefined });
  const { peer } = await aLink(witness);
  const heard = heardBy(peer);
  peer.end('x');
  await vi.waitFor(() => expect(witness.events).toEqual(['closed']));
  expect(heard).toEqual([]);
});
