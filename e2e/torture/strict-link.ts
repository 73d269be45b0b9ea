import { connect, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import type { Journal } from './journal.js';
import type { Random } from './random.js';
import type { StrictSession } from './strict-session.js';

/** How a link is to fail, and how slow its device is. */
export interface LinkHabits {
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly random: Random;
  /** How likely each packet is the last one of its link. */
  readonly cutProbability: number;
  /** How long answers wait before they are written; 0 for not at all. */
  readonly slownessMs: number;
}

const LEFT_OPEN_MS = 5000;

type Cut = 'before' | 'within' | 'after';

/** One TCP connection of a strict session, which may break at any packet, and in the middle of one. */
export class StrictLink {
  readonly closed: Promise<void>;
  /** Resolves when CONNACK has come; never, when it does not. */
  readonly letIn: Promise<void>;
  private answered: () => void = () => undefined;
  private isOver = false;
  private readonly socket: Socket;
  private readonly outbox: Packet[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly parser;

  constructor(
    private readonly session: StrictSession,
    private readonly habits: LinkHabits,
    private readonly journal: Journal,
  ) {
    this.letIn = new Promise((resolve) => (this.answered = resolve));
    this.socket = connect(habits.port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.parser = mqttPacket.parser({ protocolVersion: session.options.version });
    this.parser.on('packet', (packet) => this.receive(packet));
    this.parser.on('error', (error: Error) => this.giveUp(error));
    this.socket.on('data', (bytes: Buffer) => this.isOver || this.parser.parse(bytes));
    this.socket.on('error', () => undefined); // a reset is a way of being closed
    this.closed = new Promise((done) => {
      this.socket.once('close', () => {
        if (!this.isOver) this.lose('closed by the broker');
        done();
      });
    });
    this.socket.once('connect', () => this.send(session.connect(habits.credentials)));
  }

  get isOpen(): boolean {
    return !this.isOver;
  }

  /** Writes the packet, now or when the device gets round to it; or breaks. */
  send(...packets: Packet[]): void {
    if (this.isOver || packets.length === 0) return;
    this.outbox.push(...packets);
    const { slownessMs, random } = this.habits;
    if (slownessMs === 0) return this.flush();
    this.timer ??= setTimeout(() => this.flush(), random.between(1, slownessMs));
  }

  /** As a device that is switched off properly. */
  goodbye(): void {
    if (this.isOver) return;
    this.flush();
    if (this.isOver) return;
    const packet: Packet = { cmd: 'disconnect', reasonCode: 0 };
    this.session.sending(packet);
    this.socket.end(this.encode(packet));
    this.lose('goodbye');
  }

  /** As when the power fails. */
  cut(why: string): void {
    if (this.isOver) return;
    this.lose(why);
    this.session.totals.cuts++;
    if (this.habits.random.chance(0.5)) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  /** Nothing that comes is listened to from now on, but the broker sees an open link, until it finds a newer one. */
  abandon(): void {
    if (this.isOver) return;
    this.lose('left open');
    this.session.totals.takeovers++;
    if (this.habits.random.chance(0.5)) this.socket.pause();
    setTimeout(() => this.socket.destroy(), LEFT_OPEN_MS).unref();
  }

  destroy(): void {
    this.lose('destroyed');
    this.socket.destroy();
  }

  private receive(packet: Packet): void {
    if (this.isOver) return;
    if (this.mayFail(packet) && this.habits.random.chance(this.habits.cutProbability / 2)) {
      return this.cut(`cut before ${packet.cmd} was read`);
    }
    this.send(...this.session.receive(packet));
    if (packet.cmd === 'connack') {
      this.session.totals.connections++;
      this.answered();
    }
    if (packet.cmd === 'disconnect' || (packet.cmd === 'connack' && !this.session.isOnline)) this.destroy();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.socket.cork();
    for (let packet = this.outbox.shift(); packet && !this.isOver; packet = this.outbox.shift()) this.write(packet);
    this.socket.uncork();
  }

  private write(packet: Packet): void {
    const how = this.howToFail(packet);
    if (how === 'before') return this.cut(`cut before ${packet.cmd}`);
    this.session.sending(packet);
    const bytes = this.encode(packet);
    if (how === null) return void this.socket.write(bytes);
    const length = how === 'after' ? bytes.length : this.habits.random.between(1, bytes.length - 1);
    this.lose(`cut after ${length} of ${bytes.length} bytes of ${packet.cmd}`);
    this.session.totals.cuts++;
    this.socket.write(bytes.subarray(0, length), () => this.socket.destroy());
  }

  private howToFail(packet: Packet): Cut | null {
    const { random, cutProbability } = this.habits;
    if (!this.mayFail(packet) || !random.chance(cutProbability)) return null;
    return random.pick(['before', 'within', 'within', 'after'] as const);
  }

  /** A device that never gets through would prove nothing. */
  private mayFail({ cmd }: Packet): boolean {
    return cmd !== 'disconnect';
  }

  private lose(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.outbox.length = 0;
    this.journal.note(this.session.name, `link: ${why}`);
    this.session.linkLost();
  }

  private giveUp(error: Error): void {
    this.session.accuse(`what the broker sent cannot be read: ${error.message}`);
    this.destroy();
  }

  private encode(packet: Packet): Buffer {
    return mqttPacket.generate(packet, { protocolVersion: this.session.options.version });
  }
}
