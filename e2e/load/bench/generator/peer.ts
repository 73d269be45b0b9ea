import type { Target } from './job.js';
import { Link, type PacketReader } from './link.js';
import { connectPacket, DISCONNECT_PACKET, subscribePacket } from './wire/packets.js';
import { readConnack, skipProperties } from './wire/properties.js';
import type { PublishTemplate } from './wire/publish-template.js';
import { putUint32 } from './wire/stamp.js';

const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const PUBREC = 5;
const PUBREL = 6;
const PUBCOMP = 7;
const SUBACK = 9;
const PINGRESP = 13;
const DISCONNECT = 14;

const MAX_PACKET_ID = 65_535;
/** Up to here a loop copies faster than a call. */
const SMALL_BYTES = 96;
const FILTERS_PER_SUBSCRIBE = 100;

/** What a peer tells of. */
export interface PeerListener {
  ready(peer: Peer): void;
  /** Bytes have come; whatever they are, they are read now. */
  arrived(): void;
  /** A message; the payload is in `bytes` until this returns. */
  delivered(peer: Peer, bytes: Uint8Array, payloadAt: number): void;
  acknowledgedBy(peer: Peer, packetId: number): void;
  answeredPing(): void;
  closed(peer: Peer, reason: string): void;
}

/** Who a peer is. */
export interface PeerOptions {
  readonly index: number;
  readonly clientId: string;
  readonly target: Target;
  readonly listener: PeerListener;
  readonly isDurable?: boolean;
  /** What it subscribes to before it is ready. */
  readonly filters?: readonly string[];
  readonly qos?: number;
  readonly localAddress?: string | undefined;
}

/** What goes into one PUBLISH of a template. */
export interface Stamp {
  readonly dueUs: number;
  readonly publisher: number;
  readonly sequence: number;
  readonly receiver: number;
}

/** One MQTT client: connects, subscribes, publishes, acknowledges. */
export class Peer implements PacketReader {
  readonly index: number;
  isReady = false;
  isClosed = false;
  /** It has gone by itself. */
  hasLeft = false;
  unacknowledged = 0;
  /** Receive Maximum of the broker. */
  receiveMaximum = MAX_PACKET_ID;
  /** When each packet id was due, in µs; made by whoever wants to know. */
  dueUs: Uint32Array | null = null;
  private readonly link: Link;
  private readonly listener: PeerListener;
  private readonly isVersion5: boolean;
  private subacksWanted = 0;
  private packetId = 0;
  /** Packet ids whose exchange has not ended, ours when publishing, the broker's when subscribing. */
  private busyIds: Uint8Array | null = null;
  private reason: string | null = null;

  constructor(private readonly options: PeerOptions) {
    this.index = options.index;
    this.listener = options.listener;
    this.isVersion5 = options.target.version === 5;
    this.link = new Link(options.target, this, options.localAddress);
  }

  /** Whether what was sent last is still waiting for the kernel. */
  get isBlocked(): boolean {
    return this.link.isBlocked;
  }

  opened(): void {
    const { target, clientId, isDurable = false } = this.options;
    this.link.append(connectPacket(target, clientId, isDurable));
    this.link.flush();
  }

  arrived(): void {
    this.listener.arrived();
  }

  closed(reason: string): void {
    this.isClosed = true;
    this.isReady = false;
    this.listener.closed(this, this.reason ?? reason);
  }

  /** Appends one PUBLISH; `flush` sends it. */
  publish(template: PublishTemplate, stamp: Stamp): void {
    const { link } = this;
    const source = template.bytes;
    const size = source.length;
    const at = link.begin(size);
    const { bytes } = link;
    if (size > SMALL_BYTES) source.copy(bytes, at);
    else for (let index = 0; index < size; index++) bytes[at + index] = source[index]!;
    if (template.hasId) {
      const id = this.takeId();
      bytes[at + template.idAt] = id >> 8;
      bytes[at + template.idAt + 1] = id;
      if (this.dueUs !== null) this.dueUs[id] = stamp.dueUs;
    }
    const stampAt = at + template.stampAt;
    putUint32(bytes, stampAt, stamp.dueUs);
    putUint32(bytes, stampAt + 4, stamp.publisher);
    putUint32(bytes, stampAt + 8, stamp.sequence);
    putUint32(bytes, stampAt + 12, stamp.receiver);
    link.finish(at, size);
  }

  /** Appends any other packet; `flush` sends it. */
  send(packet: Uint8Array): void {
    this.link.append(packet);
  }

  flush(): void {
    this.link.flush();
  }

  stopReading(): void {
    this.link.stopReading();
  }

  /** Says good-bye and goes. */
  leave(): void {
    this.hasLeft = true;
    this.send(DISCONNECT_PACKET);
    this.flush();
    this.link.end();
  }

  close(): void {
    this.link.close();
  }

  packet(bytes: Uint8Array, from: number, to: number): void {
    switch (this.link.first >> 4) {
      case PUBLISH:
        return this.takeMessage(bytes, from, to);
      case PUBACK:
      case PUBCOMP:
        return this.takeAck(bytes, from, to);
      case PUBREC:
        return this.refused(bytes, from, to) ? this.takeAck(bytes, from, to) : this.ack(0x62, bytes, from);
      case PUBREL:
        if (this.busyIds !== null) this.busyIds[idAt(bytes, from)] = 0;
        return this.ack(0x70, bytes, from);
      case CONNACK:
        return this.takeConnack(bytes, from, to);
      case SUBACK:
        return this.takeSuback(bytes, from, to);
      case PINGRESP:
        return this.listener.answeredPing();
      case DISCONNECT:
        this.reason = `DISCONNECT with reason ${to > from ? bytes[from] : 0}`;
    }
  }

  private takeMessage(bytes: Uint8Array, from: number, to: number): void {
    const qos = (this.link.first >> 1) & 3;
    let at = from + 2 + ((bytes[from]! << 8) | bytes[from + 1]!);
    const packetIdAt = at;
    if (qos > 0) at += 2;
    if (this.isVersion5) at = bytes[at] === 0 ? at + 1 : skipProperties(bytes, at);
    if (at > to) return this.fail('a malformed PUBLISH');
    if (qos === 2 && !this.isNew(idAt(bytes, packetIdAt))) return this.ack(0x50, bytes, packetIdAt);
    this.listener.delivered(this, bytes, at);
    if (qos === 1) this.ack(0x40, bytes, packetIdAt);
    else if (qos === 2) this.ack(0x50, bytes, packetIdAt);
  }

  private isNew(packetId: number): boolean {
    this.busyIds ??= new Uint8Array(MAX_PACKET_ID + 1);
    if (this.busyIds[packetId] === 1) return false;
    this.busyIds[packetId] = 1;
    return true;
  }

  private takeAck(bytes: Uint8Array, from: number, to: number): void {
    const id = idAt(bytes, from);
    if (this.busyIds === null || this.busyIds[id] === 0) return;
    if (this.refused(bytes, from, to)) this.fail(`a message refused with reason ${bytes[from + 2]}`);
    this.busyIds[id] = 0;
    this.unacknowledged--;
    this.listener.acknowledgedBy(this, id);
  }

  private refused(bytes: Uint8Array, from: number, to: number): boolean {
    return to - from > 2 && bytes[from + 2]! >= 0x80;
  }

  private ack(first: number, bytes: Uint8Array, packetIdAt: number): void {
    const at = this.link.begin(4);
    const target = this.link.bytes;
    target[at] = first;
    target[at + 1] = 2;
    target[at + 2] = bytes[packetIdAt]!;
    target[at + 3] = bytes[packetIdAt + 1]!;
    this.link.finish(at, 4);
  }

  private takeId(): number {
    this.busyIds ??= new Uint8Array(MAX_PACKET_ID + 1);
    do this.packetId = this.packetId === MAX_PACKET_ID ? 1 : this.packetId + 1;
    while (this.busyIds[this.packetId] === 1);
    this.busyIds[this.packetId] = 1;
    this.unacknowledged++;
    return this.packetId;
  }

  private takeConnack(bytes: Uint8Array, from: number, to: number): void {
    if (bytes[from + 1] !== 0) return this.fail(`CONNACK with code ${bytes[from + 1]}`);
    if (this.isVersion5) this.receiveMaximum = readConnack(bytes, from, to).receiveMaximum;
    const { filters = [], qos = 0, target } = this.options;
    if (filters.length === 0) return this.becomeReady();
    for (let start = 0; start < filters.length; start += FILTERS_PER_SUBSCRIBE) {
      const some = filters.slice(start, start + FILTERS_PER_SUBSCRIBE);
      this.subacksWanted++;
      this.send(subscribePacket(target.version, this.subacksWanted, { filters: some, qos }));
    }
  }

  private takeSuback(bytes: Uint8Array, from: number, to: number): void {
    const codesAt = this.isVersion5 ? skipProperties(bytes, from + 2) : from + 2;
    for (let at = codesAt; at < to; at++) if (bytes[at]! >= 0x80) return this.fail('a filter was refused');
    if (--this.subacksWanted === 0) this.becomeReady();
  }

  private becomeReady(): void {
    this.isReady = true;
    this.listener.ready(this);
  }

  private fail(reason: string): void {
    this.reason ??= reason;
    this.close();
  }
}

function idAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** How long before `nowUs` the packet id was due, in µs. */
export function ageUs(peer: Peer, packetId: number, nowUs: number): number {
  const us = peer.dueUs === null ? 0 : (nowUs - peer.dueUs[packetId]!) | 0;
  return us < 0 ? 0 : us;
}
