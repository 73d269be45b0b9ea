import type { Socket } from 'node:net';
import type { Traffic } from '../link.js';

/** More unsent bytes than this in the socket, and the outbox waits. */
const FULL_BYTES = 64 * 1024;

/** What a socket has carried: it counts that by itself. */
export function trafficOf({ bytesRead, bytesWritten }: Socket): Traffic {
  return { bytesIn: bytesRead, bytesOut: bytesWritten };
}

/** Who is told what happens to a socket. */
export interface SocketOwner {
  received(bytes: Buffer): void;
  /** The peer sends no more. */
  peerEnded(): void;
  drained(): void;
  failed(error: Error): void;
  /** After `failed`, where there was an error. */
  closed(): void;
}

/** The owner of a socket: listeners that all sockets share find it there, and an idle link holds no closures. */
const OWNER = Symbol('owner');

interface OwnedSocket extends Socket {
  [OWNER]: SocketOwner;
}

/** Tells the owner from now on. */
export function own(socket: Socket, owner: SocketOwner): void {
  (socket as OwnedSocket)[OWNER] = owner;
  socket.on('data', onData).on('end', onEnd).on('drain', onDrain).on('error', onError).on('close', onClose);
}

/** Writes all at once. False when the socket is full: its owner is told when it has drained. */
export function writeTo(socket: Socket, buffers: readonly Buffer[]): boolean {
  if (buffers.length === 1) return socket.write(buffers[0] as Buffer) || hasRoom(socket);
  socket.cork();
  let isTaken = true;
  for (const buffer of buffers) isTaken = socket.write(buffer);
  socket.uncork();
  return isTaken || hasRoom(socket);
}

/** The socket may be behind, but not so far that anybody has to wait. */
export function hasRoom(socket: Socket): boolean {
  return socket.destroyed || socket.writableLength < FULL_BYTES;
}

function onData(this: Socket, bytes: Buffer): void {
  (this as OwnedSocket)[OWNER].received(bytes);
}

function onEnd(this: Socket): void {
  (this as OwnedSocket)[OWNER].peerEnded();
}

function onDrain(this: Socket): void {
  (this as OwnedSocket)[OWNER].drained();
}

function onError(this: Socket, error: Error): void {
  (this as OwnedSocket)[OWNER].failed(error);
}

function onClose(this: Socket): void {
  (this as OwnedSocket)[OWNER].closed();
}
